"""Our search inside LangChain programs."""

from __future__ import annotations

from langchain_core.tools import BaseTool

from assistant.library import Library
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.langchain_door import MingguiRetriever, search_tool, vector_store
from tests.retrieval.contracts import NOW


def test_the_retriever_gives_text_and_where_it_stands(hybrid: HybridRetriever, library: Library) -> None:
    found = MingguiRetriever(retriever=hybrid, library=library, k=3, on=NOW).invoke("乡镇能不能开展创建示范活动")
    assert len(found) == 3
    assert "不得开展创建示范活动" in found[0].page_content
    assert found[0].metadata["provision"] == "第四条"
    assert found[0].metadata["document"] == "创建示范活动管理办法(试行)"
    assert found[0].metadata["document_number"] == "厅字〔2022〕23号"
    assert found[0].metadata["text_status"] == "paraphrase"


def test_the_tool_answers_with_document_and_label(hybrid: HybridRetriever, library: Library) -> None:
    tool = search_tool(hybrid, library, k=2, on=NOW)
    assert isinstance(tool, BaseTool)
    said = tool.invoke({"query": "乡镇创建示范活动"})
    assert "《创建示范活动管理办法(试行)》第四条" in said


def test_the_collection_is_a_langchain_vector_store(hybrid: HybridRetriever) -> None:
    store = vector_store(hybrid)
    assert store._collection.count() == hybrid.dense_parts()[0].count()
    assert len(store.similarity_search_by_vector_with_relevance_scores(
        store.embeddings.embed_query("创建示范活动"), k=3
    )) <= 3  # fmt: skip
