"""The shop's pages, and `/books`: what its database holds."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.static import static
from django.http import JsonResponse
from django.urls import include, path


def books(request):
    from oscar.core.loading import get_model

    orders = get_model("order", "Order").objects.filter(user__isnull=False)
    reviews = get_model("reviews", "ProductReview").objects.all()
    lines = get_model("basket", "Line").objects.filter(basket__status="Open")
    return JsonResponse(
        {
            "orders": [order.number for order in orders if order.lines.exists()],
            "reviews": [{"title": one.title, "score": one.score} for one in reviews],
            "baskets": lines.values("basket").distinct().count(),
        }
    )


urlpatterns = [
    path("books", books),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
