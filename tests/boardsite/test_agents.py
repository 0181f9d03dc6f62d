"""Who is a robot, by the names seen in the logs of Korean sites."""

import pytest

from boardsite.agents import MAX_LENGTH, is_robot

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
GALAXY = (
    "Mozilla/5.0 (Linux; Android 14; SM-S928N Build/UP1A.231005.007; wv)"
    " AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.135 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"
    " AppleWebKit/605.1.15 (KHTML, like Gecko)"
)
NEXUS = (
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/131.0.6778.135 Mobile Safari/537.36"
)

PEOPLE = [
    # Browsers on a desk
    f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36",
    f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    f"{WINDOWS} Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36",
    f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0",
    f"{MAC}/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36",
    f"{MAC}/605.1.15 (KHTML, like Gecko) Version/18.1.1 Safari/605.1.15",
    f"{LINUX} Chrome/131.0.0.0 Safari/537.36",
    f"{LINUX} Ubuntu Chromium/124.0.0.0 Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    # Browsers on a telephone or a tablet
    f"{ANDROID} Chrome/131.0.0.0 Mobile Safari/537.36",
    f"{ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
    f"{ANDROID} Chrome/130.0.0.0 Whale/3.5.3.1 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/110.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG STAR) AppleWebKit/537.36"
    " (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    f"{IPHONE} Version/18.1.1 Mobile/15E148 Safari/604.1",
    f"{IPHONE} CriOS/131.0.6778.134 Mobile/15E148 Safari/604.1",
    f"{IPHONE} FxiOS/133.0 Mobile/15E148 Safari/605.1.15",
    f"{IPHONE} GSA/344.0.697739573 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.7 Mobile/15E148 Safari/604.1",
    # Browsers inside apps: somebody tapped a link
    f"{GALAXY};KAKAOTALK 2410990",
    f"{GALAXY} KAKAOTALK/25.2.1 (INAPP)",
    f"{IPHONE} Mobile/15E148 KAKAOTALK 11.1.0",
    f"{GALAXY};KAKAOSTORY 709000",
    f"{GALAXY} NAVER(inapp; search; 2000; 12.10.1)",
    f"{IPHONE} Mobile/15E148 NAVER(inapp; search; 2000; 12.10.3; 15PRO)",
    f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1 NAVER(inapp; cafe; 500; 6.5.1)",
    f"{IPHONE} Mobile/15E148 NAVER(inapp; blog; 100; 8.9.5)",
    f"{GALAXY} DaumApps/8.6.1 DaumDevice/mobile",
    f"{IPHONE} Mobile/15E148 DaumApps/8.6.0 DaumDevice/mobile",
    f"{GALAXY} BAND/19.0.5.2 (Android 14; SM-S928N)",
    f"{GALAXY} everytimeApp",
    f"{IPHONE} Mobile/15E148 Safari Line/14.19.0",
    f"{GALAXY} Instagram 361.0.0.46.88 Android (34/14; 480dpi; 1080x2120; samsung; ko_KR)",
    f"{GALAXY} [FB_IAB/FB4A;FBAV/493.0.0.59.68;]",
    f"{IPHONE} Mobile/22B91 [FBAN/FBIOS;FBAV/492.0.0.73.108;FBDV/iPhone16,1;FBLC/ko_KR]",
    f"{GALAXY} MetaIAB Facebook",
    f"{IPHONE} Mobile/22G100 Safari/604.1 MetaIAB Facebook",
]

ROBOTS = [
    "",
    "-",
    "Mozilla/5.0",
    "Mozilla/5.0 ",
    # Programs
    "curl/8.5.0",
    "Wget/1.21.3",
    "python-requests/2.32.3",
    "Python-urllib/3.11",
    "python-httpx/0.27.2",
    "Python/3.11 aiohttp/3.10.5",
    "Go-http-client/1.1",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "Java/17.0.9",
    "Apache-HttpClient/4.5.14 (Java/17.0.9)",
    "axios/1.7.7",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "Ruby",
    "libwww-perl/6.77",
    "Scrapy/2.11.2 (+https://scrapy.org)",
    "PostmanRuntime/7.42.0",
    "Dalvik/2.1.0 (Linux; U; Android 14; SM-S928N Build/UP1A.231005.007)",
    "CFNetwork/1568.200.51 Darwin/24.1.0",
    # Search engines
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{NEXUS} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{IPHONE} Version/18.4 Mobile/15E148 Safari/605.1 NAVER(inapp; search; 2000; 12.13.0)"
    " (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Googlebot-Image/1.0",
    "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/bot)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko;"
    " compatible; Yeti/1.1; +https://naver.me/spd) Chrome/121.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; NaverBot/1.0; nhnbot@naver.com)",
    "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html?faqId=28966)",
    "Mozilla/5.0 (compatible; Daumoa/4.0; +http://tab.search.daum.net/aboutWebSearch.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; ZumBot/1.0; http://help.zum.com/inquiry)",
    f"{MAC}/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1;"
    " +http://www.apple.com/go/applebot)",
    f"{WINDOWS} (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
    # Link cards
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.24.20.89 A",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    # Collectors of text, of links, of weak spots
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2;"
    " +https://openai.com/gptbot)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36"
    " (compatible; Bytespider; spider-feedback@bytedance.com)",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    "Mozilla/5.0 zgrab/0.x",
    # Browsers that no person sits before
    f"{LINUX} HeadlessChrome/131.0.0.0 Safari/537.36",
    f"{LINUX} Chrome/131.0.0.0 Safari/537.36 Chrome-Lighthouse",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko)"
    " PhantomJS/2.1.1 Safari/538.1",
    "UptimeRobot/2.0",
    "Mozilla/5.0 (compatible; SomebodysNewCrawler/0.1; +https://example.com/)",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_people(agent):
    assert not is_robot(agent)


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots(agent):
    assert is_robot(agent)


def test_an_endless_agent_is_cut():
    person = f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36"
    assert not is_robot(person + " " * MAX_LENGTH + "Googlebot/2.1" * 10_000)
