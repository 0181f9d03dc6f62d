"""The progress of commands that process a whole table."""

from django.db import models


class LongRun(models.Model):
    """An unfinished run. `name` identifies the command and the table that it processes.

    The row advances after each step, never before it, and is deleted after the last one. If a row
    exists when the command starts, an earlier run was interrupted, and the command continues from
    there. It repeats a step that was completed but not recorded.
    """

    name = models.CharField(max_length=40, primary_key=True)
    part = models.CharField(max_length=20, default="")
    place = models.BigIntegerField(help_text="The id that the last step ended at.")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "LongRun"

    def __str__(self) -> str:
        return f"{self.name}: {self.part} {self.place}"

    @classmethod
    def note(cls, name: str, place: int, part: str = "") -> None:
        cls.objects.update_or_create(pk=name, defaults={"part": part, "place": place})

    @classmethod
    def end(cls, name: str) -> None:
        cls.objects.filter(pk=name).delete()
