"""Reading staff and customers, and a staff member's remarks."""

from typing import Any

from infra.local.wecom.api.contents import require_media
from infra.local.wecom.api.paging import page
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.messages import JSON
from infra.local.wecom.state.people import Customer, Relation

FOLLOWERS_A_PAGE = 500


def get_follow_user_list(scene: Scene) -> JSON:
    """List the staff who may serve customers."""
    staff = scene.corp.staff.values()
    return {"follow_user": [each.userid for each in staff if each.has_customer_contact and each.is_active]}


def list_customers(scene: Scene) -> JSON:
    """List the customers of one staff member; 84061 when there are none."""
    userid = scene.request.query.get("userid", "")
    if not userid:
        raise PlatformError(40063, "userid")
    scene.corp.member(userid)
    relations = scene.corp.customers_of(userid)
    if not relations:
        raise PlatformError(84061, userid)
    return {"external_userid": [each.external_userid for each in relations]}


def get_customer(scene: Scene) -> JSON:
    """Describe one customer and everybody who follows them, 500 a page."""
    corp, query = scene.corp, scene.request.query
    external_userid = query.get("external_userid", "")
    customer = corp.customers.get(external_userid)
    if customer is None:
        raise PlatformError(40096, external_userid)
    followers = corp.followers_of(external_userid)
    if not followers:
        raise PlatformError(84061, external_userid)
    rows, following = page(followers, f"get/{external_userid}", query.get("cursor", ""), FOLLOWERS_A_PAGE)
    answer: JSON = {"external_contact": describe(customer), "follow_user": [_follower(corp, each) for each in rows]}
    return answer | ({"next_cursor": following} if following else {})


def get_customers_by_user(scene: Scene) -> JSON:
    """List the customers of up to 100 staff members, 50 to 100 a page."""
    corp, fields = scene.corp, scene.fields
    userids = fields.texts("userid_list", 100)
    if not userids:
        raise PlatformError(40063, "userid_list")
    members = [corp.member(each) for each in userids]
    limit = fields.number("limit", 50, 1, 100)
    relations = [relation for member in members for relation in corp.customers_of(member.userid)]
    rows, following = page(relations, f"batch/{userids}", fields.optional("cursor"), limit)
    listed = [
        {"external_contact": describe(corp.customers[each.external_userid]), "follow_info": _follow_info(each)}
        for each in rows
    ]
    return {"external_contact_list": listed, "next_cursor": following}


def set_remark(scene: Scene) -> JSON:
    """Write one member's remarks on one customer; only what is given changes, and mobiles are replaced."""
    fields = scene.fields
    relation = scene.corp.relation(fields.text("userid"), fields.text("external_userid"))
    texts = {
        name: fields.optional(name, max_chars=most)
        for name, most in (("remark", 20), ("description", 150), ("remark_company", 20))
        if name in fields.values
    }
    picture = fields.optional("remark_pic_mediaid")
    if picture:
        require_media(scene.corp, picture, "image", scene.now)
    mobiles = _mobiles(fields.values.get("remark_mobiles"))
    if not texts and not picture and mobiles is None:
        raise PlatformError(40063, "one field at least")
    for name, value in texts.items():
        setattr(relation, name, value)
    if mobiles is not None:
        relation.remark_mobiles = [each for each in mobiles if each]
    return {}


def describe(customer: Customer) -> JSON:
    """Return the customer as `external_contact`."""
    known: JSON = {
        "external_userid": customer.external_userid,
        "name": customer.name,
        "type": customer.kind,
        "gender": customer.gender,
        "avatar": customer.avatar,
    }
    optional = {"unionid": customer.unionid, "corp_name": customer.corp_name}
    return known | {name: value for name, value in optional.items() if value}


def _mobiles(value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise PlatformError(40058, "remark_mobiles must be a list of strings")
    return value


def _follow_info(relation: Relation) -> JSON:
    return _relation(relation) | {"tag_id": list(relation.tag_ids)}


def _follower(corp: Corp, relation: Relation) -> JSON:
    found = [corp.tags.find(tag_id) for tag_id in relation.tag_ids]
    tags = [
        {"group_name": group.name, "tag_name": tag.name, "tag_id": tag.tag_id, "type": 1}
        for group, tag in filter(None, found)
    ]
    return _relation(relation) | {"tags": tags}


def _relation(relation: Relation) -> JSON:
    return {
        "userid": relation.userid,
        "remark": relation.remark,
        "description": relation.description,
        "createtime": int(relation.since.timestamp()),
        "remark_corp_name": relation.remark_company,
        "remark_mobiles": list(relation.remark_mobiles),
        "add_way": relation.add_way,
        "oper_userid": relation.external_userid,
    } | ({"state": relation.state} if relation.state else {})
