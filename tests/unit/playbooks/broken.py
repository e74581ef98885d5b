"""A good file, and every way to break it."""

GOOD = """\
id: demo
name: 示例
zone: Asia/Shanghai
quiet: "22:30-07:00"
welcome: hello
contents:
  hello: 您好，${customer_name}
  first: 第一条
rules:
  - id: replied
    when: {behaviour: Message Received}
    add: 已回复
segments:
  friends: {friend: true}
journeys:
  - id: main
    name: 主旅程
    enter:
      when: {segment: friends}
    stages:
      - id: new
        name: 新添加
        intent: low
        weight: 10
        steps:
          - id: one
            content: first
            day: 2
            at: "20:30"
"""

STEP = "journeys[0].stages[0].steps[0]"
TIMING = 'day: 2\n            at: "20:30"'

# (what is replaced, by what, the line and field that are named, words that say what to write)
BROKEN = {
    "time out of range": ('at: "20:30"', 'at: "25:30"', f"29: {STEP}.at", "07:00"),
    "time as a number": ('at: "20:30"', "at: 2030", f"29: {STEP}.at", "'2030' is not a time of day"),
    "time missing": ('            at: "20:30"\n', "", f"26: {STEP}", 'need `at: "HH:MM"`'),
    "time beside after": ("day: 2", "after: 2h", f"26: {STEP}", "takes no `at`"),
    "two timings": ("day: 2", "day: 2\n            next: sat", f"26: {STEP}", "exactly one of"),
    "day zero": ("day: 2", "day: 0", f"28: {STEP}.day", "write 1 or more; here: 0"),
    "day as a word": ("day: 2", "day: two", f"28: {STEP}.day", "write a whole number; here: two"),
    "weekday unknown": ("day: 2", "next: saturday", f"28: {STEP}.next", "'sat'"),
    "date impossible": ("day: 2", "on: 02-30", f"28: {STEP}.on", "no date of the calendar"),
    "offset of hours": ("day: 2", "on: birthday\n            offset: -36h", f"29: {STEP}.offset", "whole days"),
    "offset beside day": ("day: 2", "day: 2\n            offset: -3d", f"26: {STEP}", "offset goes with `on`"),
    "duration without unit": (TIMING, "after: 90", f"28: {STEP}.after", "e.g. 90m, 36h, 7d"),
    "duration endless": (TIMING, "after: 999999999w", f"28: {STEP}.after", "ten years"),
    "field misspelt": ("day: 2", "day: 2\n            contnet: x", f"29: {STEP}.contnet", "did you mean content?"),
    "field from nowhere": ("name: 示例", "name: 示例\nzzqqx: 1", "3: zzqqx", "take it out"),
    "content missing": ("            content: first\n", "", f"26: {STEP}.content", "is missing: add it"),
    "content unknown": ("content: first", "content: frist", f"27: {STEP}.content", "write 'first'"),
    "welcome unknown": ("welcome: hello", "welcome: helo", "5: welcome", "write 'hello'"),
    "welcome twice": ("welcome: hello", "welcome: [hello, hello]", "5: welcome[1]", "another channel"),
    "content empty": ("first: 第一条", "first: {}", "8: contents.first", "needs text or attachments"),
    "content too long": ("第一条", "长" * 1400, "8: contents.first", "4200 bytes, WeCom takes 4000"),
    "variable broken": ("第一条", "只要 $ 99", "8: contents.first", "$$"),
    "variable unknown": ("${customer_name}", "${custmer}", "7: contents.hello", "no variable ${custmer}"),
    "variable in a step": ("第一条", "您好 ${customer_name}", "8: contents.first", "no variables: take them out"),
    "variable in a link": (
        "first: 第一条",
        "first:\n    attachments: {type: link, title: t, url: 'https://e.com/${x}'}",
        "9: contents.first.attachments.url",
        "variables work in text alone",
    ),
    "address without scheme": (
        "first: 第一条",
        "first:\n    attachments: {type: link, title: t, url: e.com}",
        "9: contents.first.attachments.url",
        "https://",
    ),
    "attachment of no type": (
        "first: 第一条",
        "first:\n    attachments: {title: t}",
        "9: contents.first.attachments",
        "add its type",
    ),
    "attachment of unknown type": (
        "first: 第一条",
        "first:\n    attachments: {type: video}",
        "9: contents.first.attachments",
        "'image', 'link', 'miniprogram'",
    ),
    "zone unknown": ("Asia/Shanghai", "Asia/Peking", "3: zone", "IANA name"),
    "quiet without end": ('"22:30-07:00"', '"22:30"', "4: quiet", "19:00-21:30"),
    "quiet around the clock": ('"22:30-07:00"', '"22:30-22:30"', "4: quiet", "two different times"),
    "windows all quiet": (
        "day: 2",
        'windows: "23:00-06:00"\n            day: 2',
        f"28: {STEP}.windows",
        "quiet hours cover",
    ),
    "skipped for ever": ('at: "20:30"', 'at: "23:30"\n            late: skip', f"29: {STEP}.at", "never sent: move it"),
    "rule without effect": ("    add: 已回复\n", "", "10: rules[0]", "needs add or remove"),
    "rule without behaviour": (
        "{behaviour: Message Received}",
        "{first: true}",
        "11: rules[0].when.behaviour",
        "is missing",
    ),
    "window without number": (
        "{behaviour: Message Received}",
        "{behaviour: x, within: 3d}",
        "11: rules[0].when",
        "add at_least, at_most or exactly",
    ),
    "window too long": (
        "{behaviour: Message Received}",
        "{behaviour: x, at_least: 2, within: 93d}",
        "11: rules[0].when",
        "at most 92d",
    ),
    "numbers that exclude each other": (
        "{behaviour: Message Received}",
        "{behaviour: x, at_least: 3, at_most: 2}",
        "11: rules[0].when",
        "no number is both",
    ),
    "absence without length": (
        "{behaviour: Message Received}",
        "{absent: x, after: y}",
        "11: rules[0].when.for",
        "is missing: add it",
    ),
    "keyed tag for ever": ("add: 已回复", "add: {tag: 订单, key: order_id}", "12: rules[0].add", "needs `for`"),
    "tag with a forbidden character": ("add: 已回复", "add: 订单#1", "12: rules[0].add", "neither # nor /"),
    "rule twice": (
        "    add: 已回复\n",
        "    add: 已回复\n  - {id: replied, when: {behaviour: x}, add: y}\n",
        "13: rules[1].id",
        "'replied'",
    ),
    "test of a list": (
        "{behaviour: Message Received}",
        "{behaviour: x, where: {a: {equals: [1]}}}",
        "11: rules[0].when.where.a.equals",
        "one text",
    ),
    "condition of two kinds": ("{friend: true}", "{friend: true, tag: x}", "14: segments.friends", "here: friend, tag"),
    "condition of none": ("{friend: true}", "{}", "14: segments.friends", "here: nothing"),
    "condition any of nothing": ("{friend: true}", "{any: []}", "14: segments.friends.any", "at least one entry"),
    "segment unknown": (
        "{segment: friends}",
        "{segment: freinds}",
        "19: journeys[0].enter.when.segment",
        "write 'friends'",
    ),
    "segment in a circle": ("{friend: true}", "{not: {segment: friends}}", "14: segments.friends", "back to itself"),
    "key that no rule gives": (
        "      when: {segment: friends}",
        "      when: {segment: friends}\n      keyed_by: 订单",
        "20: journeys[0].enter.keyed_by",
        "key: <a property>",
    ),
    "again unclear": (
        "      when: {segment: friends}",
        "      when: {segment: friends}\n      again: sometimes",
        "20: journeys[0].enter.again",
        "never, always, or a pause",
    ),
    "intent unknown": ("intent: low", "intent: hot", "23: journeys[0].stages[0].intent", "'medium'"),
    "no stages": (
        "    stages:\n      - id: new\n",
        "    stages: []\n    x:\n      - id: new\n",
        "20: journeys[0].stages",
        "at least one",
    ),
    "name missing": ("    name: 主旅程\n", "", "16: journeys[0].name", "is missing"),
    "name not a text": ("name: 主旅程", "name: 2027", "17: journeys[0].name", "in quotes"),
    "list instead of fields": ("{segment: friends}", "[1]", "19: journeys[0].enter.when", "write fields"),
    "fields instead of a list": ('"22:30-07:00"', "5", "4: quiet", "write a list"),
    "step twice": (
        '            at: "20:30"\n',
        '            at: "20:30"\n          - {id: one, content: first, after: 1h}\n',
        "21: journeys[0].stages[0]",
        "its own id",
    ),
    # the notation itself
    "key doubled": ("name: 示例", "name: 示例\nname: 又一个", "3", "on line 2 already"),
    "anchor": ("name: 示例", "name: &n 示例", "2", "&n is an anchor"),
    "alias": ("name: 示例", "name: *n", "2", "write the value out"),
    "tag of YAML": ("name: 示例", "name: !!python/name:os.system 示例", "2", "YAML tag"),
    "merge key": ("name: 示例", "name: 示例\n<<: {a: b}", "3: <<", "no such field"),
    "tab": ("  hello:", "\thello:", "7", "spaces"),
    "colon in a text": ("第一条", "注意: 第一条: 好", "8", "in quotes"),
    "second document": ("contents:", "---\ncontents:", "6", "leave out '---'"),
    "control character": ("示例", "示\x07例", "2", "U+0007"),
    "key that is a list": ("name: 示例", "[a, b]: 示例", "2", "must be a word"),
    "too deep": ("{friend: true}", "{not: " * 40 + "{friend: true}" + "}" * 40, "14", "flatten it"),
}


