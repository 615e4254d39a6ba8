"""Where the post is reached. Paths name sender and addressee, because both are signed with them."""

from __future__ import annotations

from django.urls import path

from ampera.api import post

urlpatterns = [
    path("post/join", post.join, name="post-join"),
    path("post/<str:sender>/to/<str:addressee>", post.exchange, name="post-exchange"),
    path("post/<str:sender>/packets/<str:digest>", post.packet, name="post-packet"),
    path("post/<str:sender>/print-packets/<str:digest>", post.print_packet, name="post-print"),
    path("post/<str:sender>/snapshot", post.snapshot, name="post-snapshot"),
]
