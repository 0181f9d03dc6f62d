"""What the WebSub hub has been notified about."""

from django.db import models

from boards.models.boards import Board


class HubPing(models.Model):
    """The newest state of a board that the hub has been notified about; no row if it never was."""

    board = models.OneToOneField(Board, models.CASCADE, primary_key=True, related_name="hub_ping")
    number = models.PositiveIntegerField(
        help_text="The board's last_number when the hub was last told of its feeds."
    )

    class Meta:
        verbose_name = verbose_name_plural = "WebSub"

    def __str__(self) -> str:
        return f"{self.board_id}: {self.number}"
