"""Where everything hangs. The paths are fixed; programs rely on them."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from factcheck.core.views import healthz, readyz
from reviews.views.typing import LeavingView

urlpatterns = [
    # What is asked for most is found first.
    path("api/v1/", include("factcheck.api")),
    path("", include("reviews.public_urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LeavingView.as_view(), name="logout"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
