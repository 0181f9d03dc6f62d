"""Django's command, which also finds the sentences of Jinja's templates."""

from collections import defaultdict

from django.core.management.commands import makemessages
from django.template import engines
from jinja2.ext import extract_from_ast

from boardsite.jinja import Constants

EXTENSIONS = ["html", "jinja", "py", "txt"]


class SourceFile(makemessages.BuildFile):
    """A file that xgettext reads; a template of Jinja's as calls of gettext on the same lines."""

    def preprocess(self) -> None:
        if self.is_templatized and self.path.endswith(".jinja"):
            self._write_calls()
        else:
            super().preprocess()

    def _write_calls(self) -> None:
        env = engines["jinja"].env.overlay()
        del env.extensions[Constants.identifier]  # it would leave no calls
        with open(self.path, encoding="utf-8") as template:
            found = extract_from_ast(env.parse(template.read()))
        lines = defaultdict(str)
        for line, _function, sentence in found:
            text = sentence if isinstance(sentence, str) else sentence[0]  # without its words
            lines[line] += f"_({text!r}); "
        with open(self.work_path, "w", encoding="utf-8") as calls:
            calls.writelines(f"{lines[line]}\n" for line in range(1, max(lines, default=0) + 1))


class Command(makemessages.Command):
    build_file_class = SourceFile

    def handle(self, *args, **options):
        if options["domain"] == "django":
            options["extensions"] = options["extensions"] or EXTENSIONS
        super().handle(*args, **options)
