from random import Random

from infra.local.demo.cast import Act, people_of, script_of, staff_of

DAY = 20.0


def script(customers: int = 200, seed: int = 7) -> list[Act]:
    random = Random(seed)
    people = people_of(customers, staff_of(10), random)
    return script_of(people, 60.0, DAY, random)


def test_the_same_seed_plays_the_same_script() -> None:
    assert script() == script()


def test_another_seed_plays_another_script() -> None:
    assert script() != script(seed=8)


def test_everybody_follows_once_within_the_minute() -> None:
    follows = [act for act in script() if act.kind == "follow"]
    assert len({act.person for act in follows}) == len(follows) == 200
    assert all(0 <= act.at < 60 for act in follows)


def test_acts_come_in_order_of_time() -> None:
    times = [act.at for act in script()]
    assert times == sorted(times)


def test_nobody_does_anything_before_they_follow() -> None:
    followed = set()
    for act in script():
        if act.kind == "follow":
            followed.add(act.person)
        assert act.person in followed


def test_customers_are_spread_evenly_over_the_staff() -> None:
    people = people_of(200, staff_of(10), Random(7))
    assert {sum(person.staff == member.userid for person in people) for member in staff_of(10)} == {20}


def test_some_read_click_reply_buy_book_leave_and_some_stay_silent() -> None:
    acts = script()
    done = {act.name for act in acts if act.kind in ("track", "page")}
    active = {act.person for act in acts if act.kind != "follow"}
    assert done == {
        "page", "Content Read", "Link Clicked", "Message Received", "Price Asked", "Call Requested", "Order Completed",
        "Appointment Booked",
    }
    assert any(act.kind == "unfollow" for act in acts)
    assert 0 < len(active) < 200


def test_a_single_customer_can_play_alone() -> None:
    assert next(iter(script(customers=1))).kind == "follow"
