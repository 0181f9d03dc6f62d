"""Recurring posts: one frame, with a different date and different prices each time.

Prices and head counts are random walks, so that consecutive posts are consistent.
"""

import datetime
import random

from boards.demo.content import Entry
from boards.demo.content_series import AUCTION_NOTES, MARKETS, WALKS
from boards.demo.dates import latest

VEGETABLES = {  # won at the middle of its year, unit, expensive months
    "배추": (4000, "한 포기", (8, 9, 10)),
    "무": (1600, "한 개", (7, 8, 9)),
    "대파": (2800, "한 단", (1, 2, 8)),
    "감자": (3500, "한 바구니", (2, 3, 4)),
    "두부": (2500, "한 모", ()),
    "달걀": (7000, "한 판", (1, 12)),
    "고등어": (8000, "한 손", (5, 6, 7)),
}

FISH = {  # won per kilogram at auction
    "오징어": 9800,
    "가자미": 7200,
    "문어": 26500,
    "우럭": 14800,
    "대구": 8900,
    "도다리": 11600,
}

SOURCE = "너울경제신문 / 자료=너울항 조합"


def won(price: float, step: int = 10) -> str:
    """A rounded price with thousands separators and 원."""
    return f"{round(price / step) * step:,}원"


def arrow(move: float) -> str:
    return "▲" if move > 0 else "▼"


def walks(today: datetime.date) -> list[Entry]:
    """The weekly notes of the Saturday walkers."""
    rng = random.Random("walks")
    entries = []
    for on, path, distance, text, comments in WALKS:
        day = latest(on, today)
        day -= datetime.timedelta(days=(day.weekday() - 5) % 7)  # the Saturday on or before it
        number = (day - datetime.date(2024, 6, 1)).days // 7 + 61
        frame = f"**{path} {distance}km** · {rng.randint(6, 14)}명 · 모인 곳 마을회관 앞"
        entries.append(
            Entry(
                board="life",
                category="걷기모임",
                by="솔바람",
                subject=f"토요 걷기 {number}번째: {path}",
                text=f"{frame}\n\n{text}\n\n다음 주도 토요일 아침 8시, 비가 오면 골목길입니다.",
                comments=comments,
                ago=(today - day).days,
                at=f"13:{rng.randint(10, 55)}",
            )
        )
    return entries


def markets(today: datetime.date) -> list[Entry]:
    """Prices of the five-day market, higher in the expensive months."""
    rng = random.Random("markets")
    entries = []
    for on, headline, text, comments in MARKETS:
        day = latest(on, today)
        rows = ["| 품목 | 값 | |"]
        for name, (middle, unit, dear) in VEGETABLES.items():
            share = rng.uniform(0.9, 1.08) * (1.3 if day.month in dear else 1)
            note = "비싸요" if share > 1.2 else "싸요" if share < 0.93 else ""
            rows.append(f"| {name} {unit} | {won(middle * share, 100)} | {note} |")
        subject = f"{day.month}월 {day.day}일 오일장: {headline}"
        entries.append(
            Entry(
                board="life",
                category="장보기",
                by="장바구니",
                subject=subject,
                text="\n".join(rows) + f"\n\n{text}",
                comments=comments,
                on=on,
                at=f"14:{rng.randint(10, 55)}",
                warmth=1.2,
            )
        )
    return entries


def auctions(today: datetime.date) -> list[Entry]:
    """The harbour's prices as a newspaper prints them, up to this week."""
    rng = random.Random("auctions")
    prices: dict[str, float] = dict(FISH)
    entries = []
    for i, note in enumerate(AUCTION_NOTES):
        day = today - datetime.timedelta(days=(len(AUCTION_NOTES) - 1 - i) * 9 + 1)
        if day.weekday() == 6:
            day -= datetime.timedelta(days=1)  # no auction on Sundays
        moves = {name: rng.gauss(0, 0.045) for name in FISH}
        prices = {name: prices[name] * (1 + moves[name]) for name in FISH}
        rows = ["| 어종 | 1kg | 지난 경매보다 |"]
        for name in FISH:
            move = f"{arrow(moves[name])} {abs(moves[name]):.1%}"
            rows.append(f"| {name} | {won(prices[name])} | {move} |")
        most = max(moves, key=lambda name: abs(moves[name]))
        went = "올랐다" if moves[most] > 0 else "내렸다"
        when = f"{day.month}월 {day.day}일"
        move = f"{arrow(moves[most])} {abs(moves[most]):.1%}"
        subject = f"[너울항 위판] {most} {move}, {when} 시세"
        lead = f"{when} 아침 너울항 경매에서 {most} 값이 가장 많이 {went}. 1kg에 {won(prices[most])}이다."
        entries.append(
            Entry(
                board="economics",
                category="물가",
                by="수집기",
                subject=subject,
                text="\n\n".join([lead, "\n".join(rows), note, SOURCE]),
                ago=(today - day).days,
                at=f"08:{rng.randint(31, 48)}",
                warmth=0.5,
            )
        )
    return entries
