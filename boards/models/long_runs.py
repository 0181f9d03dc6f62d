"""How far commands that go through a whole table have come."""

from django.db import models


class LongRun(models.Model):
    """A run of `name` (a command and what it goes through) that has not come to its end yet.

    The row moves with each step, never before it, and goes with the last one. One that is there when
    the command begins was left by a run that was cut off, which then goes on from there; a step that
    was done and not noted is done again.
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
