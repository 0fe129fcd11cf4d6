from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from factcheck.core.labels import translate_labels


class CoreConfig(AppConfig):
    name = "factcheck.core"
    label = "core"
    verbose_name = _("Desk")

    def ready(self) -> None:
        translate_labels()
