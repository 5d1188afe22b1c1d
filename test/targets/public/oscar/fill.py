"""Makes the shop's database: its tables, books in three categories, accounts."""

import os
import sys
from decimal import Decimal

import django

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

call_command("migrate", verbosity=0)
for code, name in (("GB", "United Kingdom"), ("DE", "Germany")):
    get_model("address", "Country").objects.create(
        iso_3166_1_a2=code, printable_name=name, name=name, is_shipping_country=True
    )
kind = get_model("catalogue", "ProductClass").objects.create(name="Book", track_stock=False)
partner = get_model("partner", "Partner").objects.create(name="Books and more")
Product = get_model("catalogue", "Product")
categories = [create_from_breadcrumbs(f"Books > {name}") for name in ("Travel", "Science", "Cooking")]
for number in range(1, 16):
    product = Product.objects.create(
        product_class=kind,
        title=f"{('Rivers', 'Stars', 'Soups')[number % 3]} of the world, volume {number}",
        description="A book to read.",
        upc=f"978000000{number:04d}",
    )
    get_model("catalogue", "ProductCategory").objects.create(product=product, category=categories[number % 3])
    get_model("partner", "StockRecord").objects.create(
        product=product, partner=partner, partner_sku=f"sku-{number}", price_currency="GBP", price=Decimal(5 + number)
    )
for number in range(1, 61):
    get_user_model().objects.create_user(
        username=f"reader{number}", email=f"reader{number}@example.com", password=f"secret-{number}-reader"
    )
call_command("rebuild_index", interactive=False, verbosity=0)
