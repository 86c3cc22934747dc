"""Places in the administration; saved through the services, so that changes are journalled."""

from __future__ import annotations

from django.contrib import admin

from qorgau.records.places import services
from qorgau.records.places.models import Area, Site


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ["code", "name_kk", "name_ru", "name_en", "level", "country"]
    list_filter = ["country", "level"]
    search_fields = ["code", "name_kk", "name_ru", "name_en"]
    raw_id_fields = ["parent"]

    def get_readonly_fields(self, request, obj=None):
        return (
            ["country", "code"] if obj else ["latitude", "longitude", "valid_from", "valid_until"]
        )

    def save_model(self, request, obj, form, change):
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.update_area(area=obj, changes=changes, acting_user=request.user)
            return
        saved = services.create_area(
            code=obj.code,
            level=obj.level,
            names={"kk": obj.name_kk, "ru": obj.name_ru, "en": obj.name_en},
            parent=obj.parent,
            country=obj.country,
            iso_3166_2=obj.iso_3166_2,
            acting_user=request.user,
        )
        obj.pk, obj.uuid = saved.pk, saved.uuid

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "area", "is_synthetic"]
    list_filter = ["kind"]
    search_fields = ["name"]
    raw_id_fields = ["area"]

    def save_model(self, request, obj, form, change):
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.update_site(site=obj, changes=changes, acting_user=request.user)
            return
        saved = services.create_site(
            name=obj.name,
            area=obj.area,
            kind=obj.kind,
            latitude=obj.latitude,
            longitude=obj.longitude,
            is_synthetic=obj.is_synthetic,
            acting_user=request.user,
        )
        obj.pk, obj.uuid = saved.pk, saved.uuid

    def has_delete_permission(self, request, obj=None):
        return False
