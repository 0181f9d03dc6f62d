"""What becomes of boards' parts."""

from django.db import transaction

from boards.models import Category, PostBucket


def delete_category(*, category: Category) -> None:
    """Deletes a 말머리; its posts stay, without one."""
    with transaction.atomic():
        PostBucket.objects.filter(board=category.board_id, category_id=category.pk).delete()
        category.delete()
