import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
# What reads the files of deploy/.
sys.path[:0] = [str(TESTS / "deploy")]

from cluster import Cluster, eventually  # noqa: E402
from files import OVERLAYS, dapr_folder  # noqa: E402
from kubelet import Kubelet  # noqa: E402


@pytest.fixture(scope="session")
def empty_cluster(tmp_path_factory):
    """With the definitions of Dapr's kinds, as Dapr's chart installs them."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    cluster.kubectl("apply", "--server-side", "-f", dapr_folder() / "charts/dapr/crds")
    cluster.kubectl("wait", "crd", "--all", "--for", "condition=Established", "--timeout", "60s")
    return cluster


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request):
    return request.param


@pytest.fixture(scope="module")
def namespaces(empty_cluster, overlay):
    """The first of the guide's commands; what is in them goes with them."""
    empty_cluster.say("kubectl apply -f deploy/kubernetes/base/namespaces.yaml")
    account = "/api/v1/namespaces/todo-app/serviceaccounts/default"
    eventually(lambda: empty_cluster.ask("GET", account), what="the account that pods are made with")
    yield empty_cluster
    empty_cluster.kubectl("delete", "-f", "deploy/kubernetes/base/namespaces.yaml", "--timeout", "120s")


@pytest.fixture(scope="module")
def applied(namespaces, overlay):
    """The others: an overlay as the guide says."""
    namespaces.say("deploy/kubernetes/make-secrets | kubectl create -f -")
    namespaces.say(f"kubectl apply -k deploy/kubernetes/overlays/{overlay}")
    return namespaces


@pytest.fixture
def kubelet(applied):
    """Pods run, as far as the cluster can tell."""
    with Kubelet(applied) as running:
        yield running
