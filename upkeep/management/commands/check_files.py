from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upkeep.checking.files import check_files

TITLES = {
    "missing": gettext_lazy("없는 파일"),
    "size": gettext_lazy("크기가 다른 파일"),
    "surplus": gettext_lazy("어느 글에도 없는 파일"),
}


class Command(BaseCommand):
    help = (
        "올린 파일을 데이터베이스와 비교합니다. 없거나 크기가 다른 파일이 있으면 1로 끝납니다. "
        "아무것도 고치지 않습니다."
    )

    def handle(self, **options) -> None:
        findings = check_files()
        for kind, names in findings.names.items():
            count = findings.counts[kind]
            self.stdout.write(f"{TITLES[kind]}: {count:,}")
            for name in names:
                self.stdout.write(f"  {name}")
            if count > len(names):
                self.stdout.write(_("  … 그리고 %s개 더") % f"{count - len(names):,}")
        self.stdout.write(_("살펴본 파일 %s개") % f"{findings.files:,}")
        if findings.is_damaged:
            raise SystemExit(1)
