"""The pages as HTML, before any script runs."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from assistant.web.addresses import citation_address
from tests.render.cases import PROHIBITED

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("address", ["/", "/review", "/documents", "/documents/chuangjian-shifan/2022"])
def test_a_page_keeps_scripts_and_styles_to_files_of_its_own(client: TestClient, address: str) -> None:
    reply = client.get(address, headers=BROWSER)
    assert reply.status_code == 200
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=", reply.text)
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', reply.text):
        assert client.get(asset).status_code == 200


@pytest.mark.parametrize("address", ["/", "/review"])
def test_every_field_has_a_label(client: TestClient, address: str) -> None:
    text = client.get(address).text
    fields = re.findall(r"<(?:input|textarea)[^>]*\bid=\"([^\"]+)\"", text)
    assert fields
    assert set(fields) <= set(re.findall(r'<label for="([^"]+)"', text))


def test_a_citation_leads_to_the_provision_it_names(client: TestClient) -> None:
    for citation in PROHIBITED.citations:
        page, _, place = citation_address(citation).partition("#")
        text = client.get(page).text
        assert re.search(rf'id="{re.escape(_unquoted(place))}"', text)


def test_a_paraphrase_and_a_model_document_carry_a_banner(client: TestClient) -> None:
    assert "引用前请核对原件" in client.get("/documents/chuangjian-shifan/2022").text
    assert "示范文本·非真实规定" in client.get("/documents/xx-qu-banfa/2026").text
    assert "banner" not in client.get("/documents/gongwuyuan-fa/2018").text


def test_an_incomplete_document_says_so(client: TestClient) -> None:
    assert "未收录不等于没有规定" in client.get("/documents/chuangjian-shifan/2022").text


def test_table_rows_become_one_table(client: TestClient) -> None:
    text = client.get("/documents/xx-qu-mulu/2026").text
    assert text.count("<table>") == 1
    assert '<th scope="col">项目名称</th>' in text
    assert '<tr id="附表1-第2行"><td>2</td><td>示例项目乙</td></tr>' in text


def test_a_missing_page_is_a_page_for_people_and_json_for_programs(client: TestClient) -> None:
    page = client.get("/documents/nothing/2022", headers=BROWSER)
    assert page.status_code == 404
    assert "<h1>没有收录 nothing/2022。</h1>" in page.text
    assert client.get("/documents/nothing/2022").json()["error"]["code"] == "not_found"


def test_what_a_document_says_cannot_become_markup(client: TestClient) -> None:
    page = client.get("/documents/<script>alert(1)</script>", headers=BROWSER)
    assert "<script>alert" not in page.text


def _unquoted(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)
