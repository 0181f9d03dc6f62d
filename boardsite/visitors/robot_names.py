"""Names of robots for the statistics.

A name always comes from a list and never from the header, so that a hostile agent can neither put
words into the statistics nor create endless rows: NAMES here, the list of the crawler-user-agents
package (some 1,500), and three general names. Pure: no Django, no database."""

import json
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

NAMELESS = "이름 없음"
PROGRAM = "프로그램"
UNKNOWN = "이름 모를 로봇"

# Words of an agent in lower case → the robot's name. They are checked in this order and before the
# package, because link cards also call themselves facebookexternalhit and many agents contain the
# name of a library.
NAMES = {
    "googlebot-image": "Googlebot-Image",
    "googlebot-video": "Googlebot-Video",
    "googlebot-news": "Googlebot-News",
    "googlebot": "Googlebot",
    "adsbot-google": "AdsBot-Google",
    "mediapartners-google": "Mediapartners-Google",
    "storebot-google": "Storebot-Google",
    "google-inspectiontool": "Google-InspectionTool",
    "google-extended": "Google-Extended",
    "google-cloudvertexbot": "Google-CloudVertexBot",
    "googleother": "GoogleOther",
    "feedly": "Feedly",
    "feedfetcher-google": "FeedFetcher-Google",
    "google-read-aloud": "Google-Read-Aloud",
    "google-site-verification": "Google-Site-Verification",
    "apis-google": "APIs-Google",
    "lighthouse": "Lighthouse",
    "yeti/": "Yeti (네이버)",
    "naverbot": "Yeti (네이버)",
    "ads-naver": "Ads-Naver (네이버)",
    "adsbot-naver": "Ads-Naver (네이버)",
    "blueno": "Blueno (네이버)",
    "kakaotalk-scrap": "kakaotalk-scrap (카카오톡)",
    "daumoa": "Daum (다음)",
    "daum/": "Daum (다음)",
    "daum 4": "Daum (다음)",
    "zumbot": "ZumBot (줌)",
    "bingbot": "bingbot",
    "bingpreview": "BingPreview",
    "adidxbot": "adidxbot",
    "msnbot": "msnbot",
    "slurp": "Yahoo! Slurp",
    "yandex": "YandexBot",
    "baiduspider": "Baiduspider",
    "petalbot": "PetalBot",
    "sogou": "Sogou",
    "duckduckbot": "DuckDuckBot",
    "duckassistbot": "DuckAssistBot",
    "applebot": "Applebot",
    "seznambot": "SeznamBot",
    "qwant": "Qwantbot",
    "mojeekbot": "MojeekBot",
    "coccocbot": "coccocbot",
    "oai-searchbot": "OAI-SearchBot",
    "chatgpt-user": "ChatGPT-User",
    "gptbot": "GPTBot",
    "claude-searchbot": "Claude-SearchBot",
    "claude-user": "Claude-User",
    "claude-web": "ClaudeBot",
    "claudebot": "ClaudeBot",
    "anthropic-ai": "ClaudeBot",
    "perplexity-user": "Perplexity-User",
    "perplexitybot": "PerplexityBot",
    "mistralai-user": "MistralAI-User",
    "deepseekbot": "DeepSeekBot",
    "cohere-ai": "cohere-ai",
    "ccbot": "CCBot",
    "bytespider": "Bytespider",
    "tiktokspider": "TikTokSpider",
    "amazonbot": "Amazonbot",
    "meta-externalagent": "meta-externalagent",
    "meta-externalfetcher": "meta-externalfetcher",
    "meta-webindexer": "meta-webindexer",
    "diffbot": "Diffbot",
    "youbot": "YouBot",
    "timpibot": "Timpibot",
    "imagesiftbot": "ImagesiftBot",
    "archive.org_bot": "archive.org_bot",
    "ia_archiver": "ia_archiver",
    "ahrefssiteaudit": "AhrefsSiteAudit",
    "ahrefsbot": "AhrefsBot",
    "siteauditbot": "SemrushBot",
    "semrushbot": "SemrushBot",
    "mj12bot": "MJ12bot",
    "rogerbot": "rogerbot",
    "dotbot": "DotBot",
    "dataforseobot": "DataForSeoBot",
    "barkrowler": "Barkrowler",
    "blexbot": "BLEXBot",
    "serpstatbot": "serpstatbot",
    "screaming frog": "Screaming Frog",
    "line-poker": "Linespider (라인)",
    "facebookexternalhit": "facebookexternalhit",
    "facebookcatalog": "facebookcatalog",
    "facebot": "Facebot",
    "telegrambot": "TelegramBot",
    "twitterbot": "Twitterbot",
    "slackbot": "Slackbot",
    "slack-imgproxy": "Slack-ImgProxy",
    "discordbot": "Discordbot",
    "whatsapp": "WhatsApp",
    "linkedinbot": "LinkedInBot",
    "pinterest": "Pinterestbot",
    "skypeuripreview": "SkypeUriPreview",
    "linespider": "Linespider (라인)",
    "redditbot": "redditbot",
    "mastodon": "Mastodon",
    "inoreader": "Inoreader",
    "newsblur": "NewsBlur",
    "feedbin": "Feedbin",
    "tiny tiny rss": "Tiny Tiny RSS",
    "freshrss": "FreshRSS",
    "miniflux": "Miniflux",
    "uptimerobot": "UptimeRobot",
    "pingdom": "Pingdom",
    "statuscake": "StatusCake",
    "betteruptime": "Better Uptime",
    "better uptime": "Better Uptime",
    "better stack": "Better Uptime",
    "site24x7": "Site24x7",
    "gtmetrix": "GTmetrix",
    "letsencrypt": "Let's Encrypt",
    "let's encrypt": "Let's Encrypt",
    "censysinspect": "CensysInspect",
    "expanse": "Expanse",
    "zgrab": "zgrab",
    "masscan": "masscan",
    "nikto": "Nikto",
    "sqlmap": "sqlmap",
    "nmap": "Nmap",
    "puppeteer": "Puppeteer",
    "headlesschrome": "HeadlessChrome",
    "phantomjs": "PhantomJS",
    "playwright": "Playwright",
    "selenium": "Selenium",
    "google-": "Google",
    "-google": "Google",
    "google page speed": "Google",
    "google search console": "Google",
    "googlead": "Google",
    "cloudflare": "Cloudflare",
    "scrapy": "Scrapy",
    "colly": "colly",
    "curl/": "curl",
    "wget": "Wget",
    "python-requests": "python-requests",
    "python-urllib": "Python-urllib",
    "python-httpx": "python-httpx",
    "aiohttp": "aiohttp",
    "okhttp": "okhttp",
    "go-http-client": "Go-http-client",
    "apache-httpclient": "Apache-HttpClient",
    "apache-httpasyncclient": "Apache-HttpClient",
    "java/": "Java",
    "java-http-client": "Java",
    "node-fetch": "node-fetch",
    "undici": "undici",
    "axios": "axios",
    "got (": "got",
    "libwww-perl": "libwww-perl",
    "lwp::simple": "libwww-perl",
    "guzzlehttp": "GuzzleHttp",
    "postmanruntime": "Postman",
    "insomnia": "Insomnia",
    "httpie": "HTTPie",
    "faraday": "Faraday",
    "ruby": "Ruby",
    "reqwest": "reqwest",
    "dart:io": "Dart",
    "cfnetwork": "CFNetwork",
    "dalvik": "Dalvik",
    "wordpress": "WordPress",
}

# Patterns of the package that also match people: the build of a telephone (Android 15 of Oppo,
# OnePlus and Realme), makes of telephones, an editor's pane, browsers and apps. Other words
# identify the real robots of these names (Sogou web spider).
NOT_ROBOTS = {
    r"AP3A\.240617\.008",
    "Butterfly",
    r"Code\/1\.",
    "Expanse",
    "Fever",
    "Fluid",
    "Sogou",
    "Sonic",
    "Viber",
    r"008\/",
}
CHUNK = 25

# Words of robots that are on no list.
CALLS_ITSELF = re.compile(
    r"^mozilla/[\d.]+ \(|bot\b|crawl|spider|scrap|compatible;|https?://|headless|scan"
)


def robot_name(user_agent: str) -> str:
    """The robot's name, at most 60 characters."""
    return _robot_name(user_agent)


@lru_cache(maxsize=2048)
def _robot_name(agent: str) -> str:
    small = agent.lower().strip(" -")
    if not small:
        return NAMELESS
    name = next((name for word, name in NAMES.items() if word in small), None)
    return name or listed_name(agent) or (UNKNOWN if CALLS_ITSELF.search(small) else PROGRAM)


def is_listed(agent: str) -> bool:
    """Whether the package lists the agent."""
    return any(joined.search(agent) for joined, _patterns in _listed())


def listed_name(agent: str) -> str:
    """The package's name for the agent, or "" where it lists none."""
    for joined, patterns in _listed():
        if joined.search(agent):
            return _plain(next(each for each in patterns if re.search(each, agent)))
    return ""


@cache
def _listed() -> list[tuple[re.Pattern[str], list[str]]]:
    """The package's patterns in groups, because matching a combined pattern is faster."""
    patterns = [each for each in patterns_of_package() if each not in NOT_ROBOTS]
    some = [patterns[start : start + CHUNK] for start in range(0, len(patterns), CHUNK)]
    return [(re.compile("|".join(each)), each) for each in some]


def patterns_of_package() -> list[str]:
    """Reads the package's file: importing the package would hold 2 MB of examples in memory."""
    package = find_spec("crawleruseragents")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("crawleruseragents")
    content = Path(package.origin).with_name("crawler-user-agents.json").read_text("utf-8")
    return [each["pattern"] for each in json.loads(content)]


def _plain(pattern: str) -> str:
    r"""The name in a pattern: `S[eE][mM]rushBot` becomes SEMrushBot, `Yeti\/` becomes Yeti."""
    name = re.sub(r"\[\w*(\w)\]", r"\1", pattern)
    name = re.sub(r"\\(?=\W)", "", name).strip("^$/ ")
    return name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{1,59}", name) else UNKNOWN
