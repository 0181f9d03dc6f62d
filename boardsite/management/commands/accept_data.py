from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from boardsite.site_identity import accept


class Command(BaseCommand):
    help = (
        "지금의 데이터베이스와 data/를 이 사이트의 것으로 받아들입니다. 사이트가 '데이터가 보이지 않습니다' 같은 "
        "말로 시작하지 않을 때, 그 이유를 알 때만 써 주세요."
    )
    requires_system_checks = []

    def handle(self, **options):
        row = accept()
        if row is None:
            self.stdout.write(_("이전 사이트를 잊었습니다. 다음에 시작하면 새 사이트가 됩니다."))
        else:
            self.stdout.write(
                _("받아들였습니다(%s번째). 이제 시작할 수 있습니다.") % row.generation
            )
