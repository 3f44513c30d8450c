"""Lists: conditions, orders and pages."""

import datetime
import itertools

import pytest
from support import problem, wait_until_settled


class TestLists:
    @pytest.fixture(scope="class")
    def owner(self, server):
        user = server.register(timezone="Europe/Berlin")
        for number, (title, due, priority, status, tags, repeat) in enumerate(
            [
                ("Banana bread", "2126-02-10", "low", "pending", ["kitchen"], "none"),
                ("apple pie", "2026-02-08T09:00", "urgent", "done", ["kitchen", "sweet"], "none"),
                ("Cherry jam", None, "high", "in_progress", [], "none"),
                ("date cake", "2020-01-01", "medium", "pending", ["Sweet"], "daily"),
                ("Éclair", "2020-01-01T00:00", "medium", "cancelled", [], "weekly"),
            ]
        ):
            user.create(
                title,
                description=f"Number {number}",
                due_date=due,
                priority=priority,
                status=status,
                tags=tags,
                recurring_type=repeat,
            )
        wait_until_settled(server)
        return user

    def titles(self, user, **query):
        return [task["title"] for task in user.list(**query)]

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({"status": "pending"}, {"Banana bread", "date cake"}),
            ({"status": "done"}, {"apple pie"}),
            ({"priority": "medium"}, {"date cake", "Éclair"}),
            ({"tag": "kitchen"}, {"Banana bread", "apple pie"}),
            ({"tag": "KITCHEN"}, {"Banana bread", "apple pie"}),
            ({"tag": ["kitchen", "sweet"]}, {"apple pie"}),
            ({"tag": "sweet"}, {"apple pie", "date cake"}),
            ({"tag": "nothing"}, set()),
            ({"recurring": "true"}, {"date cake", "Éclair"}),
            ({"recurring": "false", "status": "pending"}, {"Banana bread"}),
            ({"overdue": "true"}, {"date cake"}),
            ({"due_before": "2026-02-08"}, {"date cake", "Éclair"}),
            ({"due_before": "2026-02-08T08:00:00Z"}, {"date cake", "Éclair"}),
            ({"due_before": "2026-02-08T08:00:01Z"}, {"date cake", "Éclair", "apple pie"}),
            ({"due_before": "2026-02-08T09:00:01"}, {"date cake", "Éclair", "apple pie"}),
            ({"due_after": "2026-02-08T08:00:00Z"}, {"Banana bread", "apple pie"}),
            ({"due_after": "2026-02-08T08:00:01Z"}, {"Banana bread"}),
            ({"q": "bread"}, {"Banana bread"}),
            ({"q": "kitchen"}, {"Banana bread", "apple pie"}),
            ({"q": "number kitchen"}, {"Banana bread", "apple pie"}),
            ({"q": "bread pie"}, set()),
            ({"q": "eclair"}, {"Éclair"}),
            ({"q": "ÉCLAIR"}, {"Éclair"}),
            ({"q": "ban"}, {"Banana bread"}),
            (
                {"status": "pending", "priority": "low", "tag": "kitchen", "q": "banana", "due_after": "2026-01-01"},
                {"Banana bread"},
            ),
        ],
    )
    def test_hold_what_fits_every_condition(self, owner, query, titles):
        assert set(self.titles(owner, **query)) == titles

    @pytest.mark.parametrize(
        ("sort", "titles"),
        [
            (None, ["Éclair", "date cake", "Cherry jam", "apple pie", "Banana bread"]),
            ("created_at", ["Banana bread", "apple pie", "Cherry jam", "date cake", "Éclair"]),
            ("title", ["apple pie", "Banana bread", "Cherry jam", "date cake", "Éclair"]),
            ("-title", ["Éclair", "date cake", "Cherry jam", "Banana bread", "apple pie"]),
            ("due_date", ["Éclair", "date cake", "apple pie", "Banana bread", "Cherry jam"]),
        ],
    )
    def test_are_in_the_order_asked_for(self, owner, sort, titles):
        assert self.titles(owner, **({"sort": sort} if sort else {})) == titles

    def test_by_priority_go_from_low_to_urgent(self, owner):
        order = ["low", "medium", "medium", "high", "urgent"]
        assert [task["priority"] for task in owner.list(sort="priority")] == order
        assert [task["priority"] for task in owner.list(sort="-priority")] == order[::-1]

    def test_by_last_change_follow_a_change(self, user):
        tasks = [user.create(title) for title in "abc"]
        user.change(tasks[0], title="changed")
        assert self.titles(user, sort="-updated_at")[0] == "changed"

    def pages(self, user, **query):
        """The pages by their links, one after the other."""
        answer = user.client.get("/api/tasks", params=query)
        while True:
            assert answer.status_code == 200, answer.text
            yield answer.json()
            if "next" not in answer.links:
                return
            answer = user.client.get(answer.links["next"]["url"])

    @pytest.mark.parametrize(
        "sort",
        [
            "created_at",
            "-created_at",
            "due_date",
            "-due_date",
            "updated_at",
            "-updated_at",
            "priority",
            "-priority",
            "title",
            "-title",
        ],
    )
    def test_in_pages_hold_each_task_once_while_others_are_made(self, user, sort):
        for number in range(25):
            user.create(
                f"t{number % 4}",
                priority=("low", "high")[number % 2],
                due_date=(None, "2026-02-08", "2026-02-09")[number % 3],
            )
        before = user.list(sort=sort)
        seen = []
        for page in self.pages(user, sort=sort, limit=4):
            assert len(page) <= 4
            seen += page
            user.create("t2", priority="low", due_date="2026-02-08")  # one that sorts in the middle
        ids = [task["id"] for task in seen]
        assert len(ids) == len(set(ids))
        old = {task["id"] for task in before}
        assert [one for one in ids if one in old] == [task["id"] for task in before]

    def test_a_link_keeps_the_filters_and_is_not_given_on_the_last_page(self, user):
        for number in range(5):
            user.create(f"a&b {number}", tags=["ä ö"], priority="high")
        user.create("other")
        pages = list(self.pages(user, tag="ä ö", priority="high", q="a&b", limit=2))
        assert [len(page) for page in pages] == [2, 2, 1]
        assert {task["title"][:3] for page in pages for task in page} == {"a&b"}
        assert "link" not in user.client.get("/api/tasks", params={"limit": 1000}).headers

    def test_a_cursor_is_good_for_its_user_and_order_alone(self, server, user):
        for _ in range(3):
            user.create()
        link = user.client.get("/api/tasks", params={"limit": 1}).links["next"]["url"]
        cursor = link.split("cursor=")[1].split("&")[0]
        changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
        for query in (
            {"cursor": changed},
            {"cursor": cursor, "sort": "title"},
            {"cursor": cursor[:-4]},
            {"cursor": cursor * 2},
        ):
            answer = user.client.get("/api/tasks", params=query)
            problem(answer, 400 if answer.status_code == 400 else 422)
        other = server.register()
        assert other.client.get("/api/tasks", params={"cursor": cursor}).status_code in (400, 422)

    def test_can_be_paged_by_number_too(self, user):
        for number in range(7):
            user.create(f"t{number}")
        whole = [task["id"] for task in user.list()]
        for offset, limit in ((0, 3), (3, 3), (6, 3), (7, 3), (2, 1), (100, 5)):
            assert [task["id"] for task in user.list(offset=offset, limit=limit)] == whole[offset : offset + limit]
        answer = user.client.get("/api/tasks", params={"offset": 2, "limit": 3})
        assert "offset" not in answer.links["next"]["url"]
        after = user.client.get(answer.links["next"]["url"]).json()
        assert [task["id"] for task in after] == whole[5:]
        for wrong in ("-1", "10001", "x", ""):
            problem(user.client.get("/api/tasks", params={"offset": wrong}), 422, "?offset")
        cursor = answer.links["next"]["url"].split("cursor=")[1].split("&")[0]
        problem(user.client.get("/api/tasks", params={"offset": 1, "cursor": cursor}), 422, "?offset")

    def test_without_a_limit_hold_more_than_a_thousand(self, user):
        user.client.headers["Idempotency-Key"] = ""
        del user.client.headers["Idempotency-Key"]
        for _ in range(1010):
            user.create()
        assert len(user.list()) == 1010
        assert len(user.list(limit=1000)) == 1000
        assert [len(page) for page in self.pages(user, limit=505)] == [505, 505]


class TestDueDays:
    """All-day tasks are compared by their dates, timed ones by their instants."""

    def due(self, user, **query):
        return [task["title"] for task in user.list(sort="due_date", **query)]

    def make(self, server, zone="Europe/Berlin"):
        user = server.register(timezone=zone)
        for due in ("2026-02-10", "2026-02-10T09:00", "2026-02-10T23:59", "2026-02-11T00:00", "2026-02-11"):
            user.create(due, due_date=due)
        user.create("never")
        return user

    def test_a_day_is_its_all_day_tasks_and_what_is_due_at_a_time_of_it(self, server):
        user = self.make(server)
        tenth = ["2026-02-10T09:00", "2026-02-10T23:59", "2026-02-10"]
        eleventh = ["2026-02-11T00:00", "2026-02-11"]
        assert self.due(user, due_after="2026-02-11") == eleventh
        assert self.due(user, due_before="2026-02-11") == tenth
        assert self.due(user, due_after="2026-02-10", due_before="2026-02-11") == tenth
        assert self.due(user, due_before="2026-02-10") == []
        assert self.due(user, due_after="2026-02-12") == []
        assert self.due(user, due_after="2026-02-10") == tenth + eleventh

    @pytest.mark.parametrize(
        ("bound", "all_day_from"),
        [
            ("2026-02-10T00:00", "2026-02-10"),
            ("2026-02-10T12:00", "2026-02-10"),
            ("2026-02-10T23:59:59", "2026-02-10"),
            ("2026-02-11T00:00", "2026-02-11"),
            ("2026-02-10T22:59:59Z", "2026-02-10"),
            ("2026-02-10T23:00:00Z", "2026-02-11"),
            ("2026-02-10T12:00:00-11:00", "2026-02-11"),
        ],
    )
    def test_a_moment_counts_as_its_date_for_all_day_tasks(self, server, bound, all_day_from):
        user = server.register(timezone="Europe/Berlin")
        days = ["2026-02-09", "2026-02-10", "2026-02-11", "2026-02-12"]
        for day in days:
            user.create(day, due_date=day)
        assert self.due(user, due_after=bound) == [day for day in days if day >= all_day_from]
        assert self.due(user, due_before=bound) == [day for day in days if day < all_day_from]

    @pytest.mark.parametrize(
        "zone", ["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/New_York", "Pacific/Pago_Pago"]
    )
    def test_the_zone_of_an_all_day_task_does_not_move_its_date(self, server, zone):
        user = server.register(timezone="Europe/Berlin")
        user.create("there", due_date="2026-02-10", timezone=zone)
        assert self.due(user, due_after="2026-02-10", due_before="2026-02-11") == ["there"]
        assert self.due(user, due_after="2026-02-11") == self.due(user, due_before="2026-02-10") == []

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Asia/Kolkata", "Pacific/Apia", "Asia/Beirut"])
    def test_neighbouring_days_part_all_tasks(self, server, zone):
        """Around the days on which clocks change at midnight, too."""
        user = server.register(timezone=zone)
        first = datetime.date(2026, 3, 1)
        days = [(first + datetime.timedelta(days)).isoformat() for days in range(-1, 40)]
        for day in days[1:-2:3]:
            user.create(day, due_date=day)
            for hour in ("00:00", "00:30", "23:30"):
                user.create(f"{day}T{hour}", due_date=f"{day}T{hour}")
        found = []
        for day, next_day in itertools.pairwise(days):
            found += self.due(user, due_after=day, due_before=next_day)
        assert sorted(found) == sorted(task["title"] for task in user.list())

    def test_pages_go_through_a_filtered_list_in_its_order(self, server):
        user = self.make(server)
        whole = self.due(user, due_after="2026-02-10T12:00")
        assert whole == ["2026-02-10T23:59", "2026-02-10", "2026-02-11T00:00", "2026-02-11"]
        for descending, order in (("", whole), ("-", whole[::-1])):
            answer = user.client.get(
                "/api/tasks", params={"due_after": "2026-02-10T12:00", "sort": f"{descending}due_date", "limit": 1}
            )
            paged = answer.json()
            while "next" in answer.links:
                answer = user.client.get(answer.links["next"]["url"])
                paged += answer.json()
            assert [task["title"] for task in paged] == order
