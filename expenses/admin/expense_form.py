"""The form of an expense."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError

from expense_tracker.dates import today
from expense_tracker.forms import DayField, TextField
from expenses.models import Expense
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MoneyField


class SeenRevisionField(forms.IntegerField):
    """What the person who saves the form has seen. As in the API, whoever does not say so writes over everything."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ExpenseForm(forms.ModelForm):
    amount = MoneyField()
    category = TextField(max_length=MAX_CATEGORY_LENGTH, widget=AdminTextInputWidget)
    description = TextField(
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        required=False,
        empty_value=None,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )
    date = DayField(widget=AdminDateWidget, initial=today)
    seen_revision = SeenRevisionField(required=False)

    class Meta:
        model = Expense
        fields = ("owner", "amount", "category", "description", "date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_revision"].initial = self.instance.revision

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("seen_revision") not in (None, self.instance.revision):
            raise ValidationError("Somebody else has changed this expense since you opened it. Open it again.")
        return super().clean()
