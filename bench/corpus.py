"""Generates Korean-looking text from a seed, with word frequencies like those of real text.

Words follow Zipf's law: the first is in most posts, most are in few. The same seed gives the same
text on every machine. Sentences come from a pool, so that their search tokens are computed once and
a post costs some microseconds. The text has no meaning.
"""

import bisect
import itertools
import random
from functools import cache, cached_property

from boardsite.text import korean

POOL = 20_000  # sentences
HEADS = """
바다 마을 시장 사람 이야기 학교 음악 영화 여행 사진 요리 날씨 운동 산책 도서 그림 정원 고양이 강아지 자전거
기차 버스 공항 항구 등대 섬길 언덕 강변 숲길 온천 축제 공연 전시 극장 무대 노래 악기 피아노 기타 합창 소설
시집 만화 잡지 신문 방송 라디오 편지 엽서 우표 달력 시계 안경 모자 장갑 신발 가방 우산 의자 책상 침대 거울
커피 녹차 빵집 국수 김치 된장 두부 콩나물 버섯 감자 고구마 옥수수 사과 포도 수박 딸기 복숭아 생선 조개 미역
아침 저녁 주말 휴가 계절 봄날 여름 가을 겨울 장마 태풍 첫눈 단풍 벚꽃 햇살 바람 구름 별빛 달빛 노을 새벽
정부 경제 정책 예산 투표 선거 의회 법률 재판 증언 회의 협상 무역 환율 금리 주식 투자 은행 보험 연금 세금
기술 전기 배터리 반도체 인터넷 화면 자판 서버 자료 암호 통신 위성 로켓 망원경 행성 실험 논문 연구 수학 과학
병원 의사 약국 감기 체력 수면 식단 비타민 치과 검진 간호 재활 요가 수영 등산 낚시 캠핑 축구 야구 농구 탁구
부모 형제 친구 이웃 손님 선생님 학생 직원 사장 작가 화가 배우 가수 기자 농부 어부 목수 기술자 경찰 소방관
""".split()
TAILS = """모임 후기 소식 방법 비용 일정 정보 상담 문제 대책 전망 센터 동호회 대회 교실 용품 업체 사업 연구소 골목
거리 광장 시간 이용권 지원금 행사 자료 사전 문화 역사 산업 제도 기준 순위 추천 가격 사용기 입문 지도 안내""".split()
VERBS = """갔습니다 왔습니다 보았습니다 만났습니다 먹었습니다 읽었습니다 들었습니다 배웠습니다 만들었습니다
고쳤습니다 찾았습니다 물어봤습니다 기다렸습니다 좋았습니다 궁금합니다 어렵습니다 쉬웠습니다 재미있습니다
놀라웠습니다 필요합니다 부탁드립니다 추천합니다 시작합니다 끝났습니다 달라졌습니다 알려 주세요""".split()
LINKS = """그래서 그런데 하지만 그리고 오늘은 어제는 요즘 아마 정말 조금 아주 다시 함께 혼자 드디어 처음으로""".split()
PARTICLES = (
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("에서", "에서"),
    ("에", "에"),
    ("도", "도"),
    ("의", "의"),
    ("", ""),
)
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = "가나다라마바사아자하고노도로모보소오조호구누두루무부수우주후기니디리미비시이지히"


class Corpus:
    """Texts of one seed. The state of `rng` decides which text comes next."""

    def __init__(self, seed: int = 1):
        rng = random.Random(f"words {seed}")
        pairs = {head + tail for head in HEADS for tail in rng.sample(TAILS, 16)}
        compounds = sorted(pairs - set(HEADS))
        rng.shuffle(compounds)
        heads = HEADS.copy()
        rng.shuffle(heads)
        self.words = heads + compounds
        self._weights = list(
            itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words)))
        )
        self._seed = seed

    def word(self, rng: random.Random) -> str:
        return self.words[bisect.bisect(self._weights, rng.random() * self._weights[-1])]

    def sentence(self, rng: random.Random) -> str:
        words = [rng.choice(LINKS)] if rng.random() < 0.5 else []
        words += (_with_particle(self.word(rng), rng) for _ in range(rng.randint(2, 6)))
        return " ".join([*words, rng.choice(VERBS)]) + "."

    @cached_property
    def sentences(self) -> list[str]:
        rng = random.Random(f"sentences {self._seed}")
        return [self.sentence(rng) for _ in range(POOL)]

    @cached_property
    def pieces(self) -> list[list[str]]:
        """The search tokens of each of `sentences`."""
        return [korean.pieces(sentence) for sentence in self.sentences]

    def title(self, rng: random.Random) -> str:
        """About 20 characters; one in five contains a name, so that searches for rare words find
        something."""
        words = [self.word(rng) for _ in range(rng.randint(2, 4))]
        if rng.random() < 0.2:
            words.insert(0, name(rng))
        return f"{' '.join(words)} {rng.choice(VERBS)}"

    def some(self, rng: random.Random, most: int) -> list[int]:
        """Indexes of 1 to `most` sentences."""
        return [int(rng.random() * POOL) for _ in range(rng.randint(1, most))]


@cache
def corpus_of(seed: int) -> Corpus:
    """One corpus per process: making its pool of sentences takes a second."""
    return Corpus(seed)


def name(rng: random.Random) -> str:
    """One of some 24,000."""
    return rng.choice(FAMILY) + rng.choice(GIVEN) + rng.choice(GIVEN)


def _with_particle(word: str, rng: random.Random) -> str:
    after_consonant, after_vowel = rng.choice(PARTICLES)
    is_open = (ord(word[-1]) - 0xAC00) % 28 == 0
    return word + (after_vowel if is_open else after_consonant)
