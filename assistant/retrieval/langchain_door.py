"""Retrieval for LangChain programs: a retriever, a tool, and the collection as a VectorStore. Imports LangChain; nothing else here does.

For other programs that build chains. Our own answers go through `hybrid` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, create_retriever_tool

from assistant.domain import Level, Passage
from assistant.retrieval.embedder import Embedder
from assistant.retrieval.hybrid import HybridRetriever, Retriever
from assistant.retrieval.units import Corpus


class MingguiRetriever(BaseRetriever):
    """Our search as a LangChain retriever: page_content is the provision's text, metadata says where it stands."""

    retriever: Any  # a Retriever
    library: Any  # a Corpus
    k: int = 10
    on: date | None = None  # None: today
    region: str | None = None
    level: Level | None = None
    document: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        found = self.retriever.search(
            query, self.k, on=self.on or date.today(), region=self.region, level=self.level, document=self.document
        )
        return [as_langchain(passage, self.library) for passage in found]


def as_langchain(passage: Passage, library: Corpus) -> LangChainDocument:
    """A passage with the text and the standing of its provision. Raises NotFound when the library no longer has it."""
    provision = library.provision(passage.provision_id)
    document = library.document(passage.document_id)
    return LangChainDocument(
        id=passage.provision_id,
        page_content=provision.text,
        metadata={
            "provision_id": passage.provision_id,
            "provision": provision.label or provision.locator,
            "document_id": document.id,
            "document": document.title,
            "document_number": document.document_number,
            "level": document.level.value,
            "region": document.region,
            "text_status": document.text_status.value,
            "effective_on": str(document.effective_on),
            "path": list(provision.path),
            "score": passage.score,
            **{f"score_{part}": value for part, value in passage.why.items()},
        },
    )


def search_tool(retriever: Retriever, library: Corpus, *, k: int = 5, on: date | None = None) -> BaseTool:
    """A tool an agent can call; it returns provisions with document and label, never a verdict."""
    from langchain_core.prompts import PromptTemplate

    return create_retriever_tool(
        MingguiRetriever(retriever=retriever, library=library, k=k, on=on),
        name="search_provisions",
        description="检索创建示范、评比达标表彰等规定的现行条文,返回文件名、条号和条文内容。只检索,不作判定。",
        document_prompt=PromptTemplate.from_template("《{document}》{provision}:{page_content}"),
    )


class ShippedEmbeddings(Embeddings):
    """Any of our embedders where LangChain expects one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._lists(self._embedder.embed_passages(texts))

    def embed_query(self, text: str) -> list[float]:
        return self._lists(self._embedder.embed_queries([text]))[0]

    @staticmethod
    def _lists(rows: Any) -> list[list[float]]:
        return [[float(value) for value in row] for row in rows]


def vector_store(retriever: HybridRetriever) -> Any:
    """The serving collection as a langchain-chroma `Chroma`, for programs that want plain vector search (ids alone, no text)."""
    from langchain_chroma import Chroma

    index, embedder = retriever.dense_parts()
    return Chroma(
        client=index.client,
        collection_name=index.collection.name,
        embedding_function=ShippedEmbeddings(embedder),
        create_collection_if_not_exists=False,
    )


__all__: Sequence[str] = ("MingguiRetriever", "ShippedEmbeddings", "as_langchain", "search_tool", "vector_store")
