# 明规：每个目标自己装好要用的东西。只需要 Python 3.11、make 和 pip 源。
#   make ask Q="…"    问一句          make test    装全并跑测试      make check   格式、类型、依赖方向
#   make serve        网页和接口      make eval    评测并出报告      make bench   速度与检索测量

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt
Q ?=
DATA ?= ../shared/data
export Q

.DEFAULT_GOAL := help
.PHONY: help ask serve doctor test check format eval gate bench train-embedder train-reader clean

help:
	@sed -n '1,4s/^# \{0,1\}//p' Makefile

$(VENV)/.core: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { echo "建立虚拟环境 $(VENV) ……" >&2; $(PYTHON) -m venv $(VENV); }
	@echo "安装核心依赖（首次约一两分钟）……" >&2
	@$(INSTALL) --editable . >&2
	@touch $@

$(VENV)/.full: $(VENV)/.core
	@echo "安装测试和模型依赖（首次约两三分钟）……" >&2
	@$(INSTALL) --editable '.[models,dev]' >&2
	@touch $@

ask: $(VENV)/.core
	@test -n "$$Q" || { echo '请写出问题，例如：make ask Q="街道想评十佳商户发牌子，要报批吗？"' >&2; exit 2; }
	@$(BIN)/minggui ask -- "$$Q"

serve: $(VENV)/.core
	@$(BIN)/minggui serve

doctor: $(VENV)/.core
	@$(BIN)/minggui doctor

test: $(VENV)/.full
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

check: $(VENV)/.full
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/minggui corpus check
	$(BIN)/minggui eval lint

format: $(VENV)/.full
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: $(VENV)/.full
	$(BIN)/minggui eval run
	$(BIN)/minggui eval report

gate: $(VENV)/.full
	$(BIN)/minggui eval run
	$(BIN)/minggui eval gate

bench: $(VENV)/.full
	$(BIN)/python -m evals.speed
	@if test -d $(DATA)/laws; then $(BIN)/python -m assistant.retrieval.bench $(DATA); \
	else echo "没有公开数据 $(DATA)，跳过检索质量测量（DATA=目录 可指定）" >&2; fi

train-embedder: $(VENV)/.full
	OMP_NUM_THREADS=1 $(BIN)/python -m assistant.retrieval.training --data $(DATA)

train-reader: $(VENV)/.full
	OMP_NUM_THREADS=1 $(BIN)/python -m assistant.answering.learned.training evals/cases/extraction-open.jsonl

clean:
	rm -rf var build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage
