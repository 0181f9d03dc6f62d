"""The data format of the demo community, and its people and boards.

The posts are data in posts/*.toml, meant to be edited by hand; their keys are the fields of Entry.
Town, people, shops and newspapers are invented. The text of a post knows a few marks (see
markup.py). A comment is one line, `별명: 말`, with a `>` in front for each level of replies and
` // ` for a line break. Dates are relative to the day on which the command runs: `on = "04-05"` is
the latest 5 April before today, for seasonal posts; `ago = 3` is three days ago.
"""

from dataclasses import dataclass

# SiteSettings. Obviously an example, so that nobody mistakes it for the data of a real company.
SITE = {
    "name": "너울골 사랑방",
    "description": "바다와 산 사이 작은 동네, 너울골 사람들이 모여 사는 이야기를 나눕니다.",
    "company": "너울골 사랑방 (보기)",
    "representative": "보기대표",
    "address": "너울도 너울시 등대길 1 (보기)",
    "business_number": "000-00-00000",
    "phone": "000-000-0000",
    "fax": "000-000-0001",
    "privacy_officer": "보기담당",
}


@dataclass(frozen=True)
class Person:
    username: str
    nickname: str
    level: int
    introduction: str = ""
    is_robot: bool = False


@dataclass(frozen=True)
class Place:
    """A board. `ways` are further fields of Board."""

    group: str
    slug: str
    name: str
    description: str
    categories: tuple[str, ...] = ()
    ways: tuple[tuple[str, object], ...] = ()
    extras: tuple[tuple[tuple[str, object], ...], ...] = ()  # fields of ExtraField
    header: str = ""  # HTML


@dataclass(frozen=True)
class Entry:
    """A post and its comments. Pictures are `scene:seed`, files are (name, text)."""

    board: str
    category: str
    by: str
    subject: str
    text: str
    comments: str = ""
    on: str = ""
    ago: int = 0
    at: str = ""
    pictures: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    is_notice: bool = False
    is_site_notice: bool = False
    is_secret: bool = False
    tags: tuple[str, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()  # (name of the board's extra field, value)
    poll: tuple[str, ...] = ()  # the question, then the options
    reply_to: str = ""  # the subject of an earlier post of the board
    warmth: float = 1.0  # how much it is read and liked, compared with other posts of its board


# fmt: off
GROUPS = (("square", "광장"), ("living", "살림"), ("together", "나눔"))

PLACES = (
    Place("square", "notice", "공지사항", "사랑방 운영과 동네 모임 소식을 알려 드립니다.", ("안내", "모임"), (("write_level", 5), ("use_polls", True))),
    Place("square", "free", "자유게시판", "사는 이야기, 아무 말이나 환영합니다.", ("수다", "가입인사", "오늘점심", "모임후기"), (("use_polls", True),)),
    Place("square", "qna", "질문답변", "모르는 것은 물어보세요. 남에게 보이기 어려운 질문은 비밀글로 쓰시면 됩니다.", ("동네", "집수리", "컴퓨터", "텃밭", "기타"), (("secret_posts", "optional"),)),
    Place("living", "life", "생활정보", "장보기, 살림, 텃밭, 교통. 알아두면 쓸모 있는 이야기.", ("장보기", "살림", "텃밭", "교통", "걷기모임")),
    Place("living", "economics", "경제기사 | economics", "수집기가 모아 온 경제 기사를 함께 읽습니다.", ("경제", "물가", "산업", "금융"), (("write_level", 5),)),
    Place("together", "gallery", "사진 갤러리", "너울골의 하늘, 바다, 산, 그리고 고양이.", ("풍경", "꽃과나무", "밤하늘", "일상"), (("skin", "gallery"),)),
    Place("together", "archive", "자료실", "함께 쓰면 좋은 표와 문서를 올려 주세요.", ("표", "문서", "코스"),
        extras=((("name", "쓰임새"), ("kind", "choice"), ("choices", "인쇄용,계산용,읽을거리"), ("is_listed", True)), (("name", "고친 날"), ("kind", "date"))),
        header="<p>내려받아 쓰시고, 고친 것이 있으면 댓글로 알려 주세요. <strong>전화번호가 든 표는 지우고</strong> 올려 주세요.</p>"),
)

PEOPLE = (
    Person("maeuljigi", "마을지기", 5, "사랑방 문을 열고 닫는 사람입니다. 불편한 점은 질문답변에 비밀글로 남겨 주세요."),
    Person("collector", "수집기", 5, "경제 기사를 모아 오는 프로그램입니다. 댓글에 답하지 못합니다.", is_robot=True),
    Person("gamnamu", "감나무집", 4, "너울골 31년째. 마당에 감나무 두 그루 있습니다."),
    Person("solbaram", "솔바람", 4, "토요 걷기 모임 길잡이. 무릎이 허락하는 데까지 걷습니다."),
    Person("badabora", "바다보라", 3, "은모래 해변 앞에 삽니다. 보라색 좋아해요."),
    Person("dure_mandu", "두레만두", 4, "오일장 골목 만둣집 합니다. 월요일은 쉽니다."),
    Person("slowsnail", "달팽이사서", 4, "달팽이 도서관에서 일합니다. 연체료는 안 받지만 마음은 받습니다."),
    Person("hamster88", "햄토리아빠", 3, "햄스터 두 마리, 아이 한 명과 삽니다."),
    Person("halfmoon", "반달눈썹", 3),
    Person("ironshop", "한결철물", 4, "등대길 철물점입니다. 나사 하나도 팝니다."),
    Person("yeonpil", "몽당연필", 3, "퇴직하고 쓰기 시작했습니다."),
    Person("gosari", "고사리손", 3, "너울봉 아래 텃밭 스무 평."),
    Person("twowheels", "두바퀴", 3, "자전거로 출퇴근 왕복 22킬로미터."),
    Person("dawnfisher", "새벽낚시", 4, "못 잡아도 갑니다."),
    Person("milmulbread", "밀물제과", 3, "새벽 네 시에 반죽합니다."),
    Person("thursday_f", "목요일의숲", 2),
    Person("pado", "파도소리", 3, "사진은 폰으로만 찍습니다."),
    Person("honeysleep", "꿀잠요정", 2, "자는 게 제일 좋아요."),
    Person("sulrae", "술래잡기", 2),
    Person("oksusu", "옥수수할매", 3, "손주한테 컴퓨터 배웠어요."),
    Person("basketkim", "장바구니", 3, "오일장 가격 적는 사람."),
    Person("farmcoder", "코딩하는농부", 3, "낮에는 딸기, 밤에는 파이썬."),
    Person("starcount", "별헤는밤", 4, "구름 없는 날만 바쁩니다."),
    Person("newhere", "이사온지한달", 2, "이제 한 달은 훨씬 넘었지만 별명을 못 바꾸고 있습니다."),
    Person("chalkdust", "분필가루", 3, "너울골초등학교 근처 어딘가."),
    Person("slowpost", "느린우체통", 2),
    Person("catbutler", "고양이집사칠호", 3, "첫째 보리, 둘째 콩떡."),
)
