"""No handler can feed itself: computed from what each may write and from what wakes each."""

from collections.abc import Iterator

from tests.unit.guards.template import WRITES, Template

Edge = tuple[str, str]

# Edges of the flow that lead back up, each with what ends the loop that it closes.
LOOPS: dict[Edge, str] = {
    ("Greet", "Greet"): "what greet records (a contact that was read) has no welcome code, and the filter asks for one",
    ("Greet", "Tag"): "downstream: a contact that was read is a behaviour as any other",
    ("Collect", "Greet"): "a result has no welcome code",
    ("Collect", "Tag"): "the loop closes here by design: a delivered push is a behaviour, once a push",
    ("Collect", "Collect"): "the next look at a send's result; there are four, each with its time",
    ("Deliver", "Deliver"): "the next visit to a batch that WeCom could not take: each with its time, for a day",
    ("PassTime", "Greet"): "passed time has no welcome code",
    ("PassTime", "Tag"): "a timer is one-shot, and is set only by a behaviour",
    ("RunStep", "Schedule"): "time drives it: the next step's schedule, one turn a step, and the steps end",
    ("Tag", "PassTime"): "time drives it: one timer a rule, not set again by its own passing",
}
QUEUES_OF_SCHEDULES = {  # which queues a function's schedules go to; the rest of the policy is the same for all
    "Tag": {"TimersQueue"},
    "Schedule": {"DueStepsQueue"},
    "RunStep": {"PushesQueue"},
    "Deliver": {"ResultsQueue", "PushesQueue"},
    "Collect": {"ResultsQueue"},
}


def edges(template: Template) -> Iterator[Edge]:
    """Yield (from, to) wherever one function can wake another through a table's stream, a queue or a schedule."""
    readers = {name: event["Stream"]["Fn::GetAtt"][0] for name, event in template.streams.items()}
    listeners = {event["Queue"]["Fn::GetAtt"][0]: name for name, event in template.queues_read.items()}
    for writer in template.functions:
        tables = template.tables(writer, WRITES)
        yield from (
            (writer, reader) for reader, table in readers.items() if table.removesuffix("Table").lower() in tables
        )
        allowed = template.allowed(writer)
        queues = {resource for action, resource in allowed if action == "sqs:SendMessage"}
        if any(action == "scheduler:CreateSchedule" for action, _ in allowed):
            queues |= QUEUES_OF_SCHEDULES[writer]
        yield from ((writer, listeners[queue]) for queue in queues if queue in listeners)


def cycle_in(graph: set[Edge]) -> list[str]:
    """Return the functions that lie on a cycle or behind one, by taking away those that nothing wakes."""
    while True:
        entered = {into for _, into in graph}
        kept = {edge for edge in graph if edge[0] in entered}
        if kept == graph:
            return sorted({name for edge in graph for name in edge})
        graph = kept


def test_the_flow_has_no_loop_but_the_ones_that_are_meant(template: Template) -> None:
    assert cycle_in(set(edges(template)) - set(LOOPS)) == []


def test_every_loop_that_is_meant_is_still_there(template: Template) -> None:
    assert set(LOOPS) - set(edges(template)) == set()


def test_no_function_writes_the_table_whose_stream_wakes_it(template: Template) -> None:
    own = {one for one, other in edges(template) if one == other}
    assert own == {"Greet", "Deliver", "Collect"}, "greet by its filter, the others by time: see the reasons above"


def test_nothing_polls(template: Template) -> None:
    kinds = {body["Type"] for body in template.content["Resources"].values()}
    assert not kinds & {"AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::Serverless::StateMachine"}
