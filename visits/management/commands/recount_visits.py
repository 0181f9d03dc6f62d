from boardsite.reporting.drifts import RecountCommand
from visits.repair import recount


class Command(RecountCommand):
    help = "남아 있는 접속자 기록을 다시 세어 날짜별 접속자 수를 바로잡습니다."
    recount = staticmethod(recount)
