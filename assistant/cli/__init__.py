"""The command line: stdout is the answer, everything else goes to stderr; exit 0 done, 1 our error, 2 wrong usage.

terminal.py    settings, errors → exit codes, progress, input from a file or `-`
asking.py      ask, search, review and their --batch
shelf.py       corpus add / list / show / check / preview / publish / retire / export / index
evaluation.py  eval run / gate / accept / report / triage
running.py     serve, bot, doctor, replay, rules
"""

from __future__ import annotations

import click

from assistant.cli.asking import ask, review, search
from assistant.cli.evaluation import evaluation
from assistant.cli.running import bot, doctor, replay, rules, serve
from assistant.cli.shelf import corpus
from assistant.cli.terminal import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-v", "--verbose", count=True, help="多说一些（-vv 更多），写到标准错误。")
@click.version_option(package_name="minggui", message="明规 %(version)s")
def main(verbose: int) -> None:
    """明规：创建示范、评比达标表彰和相邻活动，先问规矩，再办活动。

    \b
    minggui ask "我们镇想评十户示范农家乐发牌子，备个案行吧？"
    minggui search "乡镇 创建示范"
    minggui review 通知稿.docx
    minggui corpus list
    minggui serve            打开网页和接口
    minggui doctor           哪里不对，怎么修
    """
    import logging
    import sys

    level = [logging.ERROR, logging.INFO, logging.DEBUG][min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "chromadb"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


for command in (ask, search, review, corpus, evaluation, rules, replay, serve, bot, doctor):
    main.add_command(command)
