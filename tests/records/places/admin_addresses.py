"""The addresses of an installation that has the administration turned on."""

from qorgau.project.urls import addresses

urlpatterns = addresses(has_admin_site=True)
