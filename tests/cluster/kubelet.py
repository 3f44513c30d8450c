"""In the place of nodes: tells the API server that pods run and are ready, and that those of Jobs have ended well.

What rondo would do in the pods of deploy/kubernetes/rollback is done on a number, the schema: an image knows the
migrations up to one, and refuses a newer schema as the program does.
"""

import threading
import time

POLL_S = 0.1


class Kubelet:
    def __init__(self, cluster):
        self.cluster = cluster
        self.schema = 2
        self.knows = {}  # image -> the newest migration that it has; the others know them all
        self.breaks = ""  # the command of rondo migrate that does not reach its database, its dry run apart
        self.rollback_pod_takes_s = 0.0
        self.ran = []  # (image, arguments, how many pods of the server there were), of rollback's pods
        self._stop = threading.Event()
        self._failed = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        if self._failed:
            raise self._failed

    def _run(self):
        try:
            while not self._stop.wait(POLL_S):
                pods = self.cluster.pods()
                for pod in pods:
                    if pod["status"]["phase"] == "Pending" and "deletionTimestamp" not in pod["metadata"]:
                        self._start(pod, pods)
        except Exception as failed:
            self._failed = failed

    def _start(self, pod, pods):
        owners = {owner["kind"] for owner in pod["metadata"].get("ownerReferences", [])}
        if pod["metadata"]["name"].startswith("rollback-"):
            self._run_rondo(pod, pods)
        elif "Job" in owners:
            self._tell(pod, "Succeeded", 0)
        else:
            self._tell(pod, "Running")

    def _tell(self, pod, phase, exit_code=None):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        running = exit_code is None
        state = {"running": {"startedAt": now}} if running else {"terminated": {"exitCode": exit_code}}
        ready = {"status": "True" if running else "False", "lastTransitionTime": now}
        containers = [
            {
                "name": one["name"],
                "image": one["image"],
                "imageID": "",
                "ready": running,
                "restartCount": 0,
                "state": state,
            }
            for one in pod["spec"]["containers"]
        ]
        status = {
            "phase": phase,
            "conditions": [ready | {"type": kind} for kind in ("Ready", "ContainersReady")],
            "containerStatuses": containers,
        }
        where = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}/status"
        self.cluster.ask("PATCH", where, {"status": status})

    def _run_rondo(self, pod, pods):
        time.sleep(self.rollback_pod_takes_s)
        container = pod["spec"]["containers"][0]
        knows, arguments = self.knows.get(container["image"], 9999), container["args"]
        servers = [
            one for one in pods if one["metadata"].get("labels", {}).get("app.kubernetes.io/name") == "todo-backend"
        ]
        self.ran.append((container["image"], arguments, len(servers)))
        code, said = 0, f"{self.schema:04}_a_change  applied 2026-02-08T09:00:00Z"
        if arguments[1] == self.breaks and "--dry-run" not in arguments:
            code, said = 69, "Cannot reach the database postgresql://rondo@postgres/rondo."
        elif self.schema > knows:
            code, said = (
                78,
                (
                    "Cannot use the database postgresql://rondo@postgres/rondo: it was made by a newer Rondo (its schema is"
                    f" {self.schema:04}, this program knows {knows:04}). Use that version."
                ),
            )
        elif arguments[1] == "down":
            is_real = "--dry-run" not in arguments
            said = f"{'reverted' if is_real else 'would revert'} {self.schema:04}_a_change"
            self.schema -= int(arguments[arguments.index("--steps") + 1]) if is_real else 0
        (self.cluster.folder / f"{pod['metadata']['name']}.log").write_text(said + "\n")
        self._tell(pod, "Failed" if code else "Succeeded", code)
