"""A run as something to read: JSON for programs, Markdown for a merge page, one HTML file for a phone or paper. No network.

Pure: each function takes a run and gives text; `cli.py` writes the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from assistant.domain import Outcome
from evals.measures import NO_VERDICT
from evals.records import Record, Run
from evals.summary import TITLES, Summary, Total, summarise
from evals.triage import CAUSES, causes, failures, to_dict, worst

CODE_TITLES = {
    **{str(outcome): title for outcome, title in zip(
        Outcome, ("不得", "报批", "备案", "无需报批", "不归此管", "需补充", "无明文"), strict=True)},
    NO_VERDICT: "不作判定",
}  # fmt: skip
STRATUM_TITLES = {"kind": "问题类别", "organizer": "主办", "style": "问法"}


def shown(total: Total) -> str:
    """`93.1%(90.2–95.4)`, `2/310` for a harm, `—` when nothing was scored."""
    if total.mean is None:
        return "—"
    if total.measure in ("turns",):
        return f"{total.mean:.2f}（{total.low:.2f}–{total.high:.2f}）"
    spread = f"（{total.low * 100:.1f}–{total.high * 100:.1f}）"
    return f"{total.count}/{total.n}，{total.mean:.1%}{spread}" if total.harm else f"{total.mean:.1%}{spread}"


def report_text(run: Run) -> str:
    """For a terminal, after a run: a line per measure, the harms first."""
    summary = summarise(run)
    totals = sorted(summary.totals.values(), key=lambda one: not one.harm)
    head = f"{run.meta.suite}-{run.meta.split}：{summary.answered}/{run.meta.cases} 条，崩溃 {summary.crashed} 条"
    return "\n".join([head, *(f"  {one.title}{'（越少越好）' if one.harm else ''}  {shown(one)}" for one in totals)])


def report_json(run: Run) -> str:
    """Everything a program may want, without the answers themselves."""
    summary = summarise(run)
    body: dict[str, Any] = {"run": _meta(run), **summary.to_dict(), "failures": to_dict(failures(run))}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def report_markdown(run: Run, *, limit: int = 20) -> str:
    summary = summarise(run)
    out = [
        f"# 评测报告 {run.meta.suite}-{run.meta.split}",
        "",
        *[f"- {name}：{value}" for name, value in _facts(run, summary)],
        "",
    ]
    out += ["| 指标 | 结果（95% 区间） | 计分 | 未计分 |", "|---|---|---|---|"]
    out += [
        f"| {one.title}{'（越少越好）' if one.harm else ''} | {shown(one)} | {one.n} | {one.unscored} |"
        for one in summary.totals.values()
    ]
    if summary.confusion:
        codes = _codes(summary)
        out += ["", "## 混淆表（行为金标，列为答复）", "", f"| | {' | '.join(CODE_TITLES[code] for code in codes)} |",
                f"|---|{'---|' * len(codes)}"]  # fmt: skip
        out += [f"| {CODE_TITLES[gold]} | {' | '.join(str(row.get(code, 0) or '') for code in codes)} |"
                for gold in codes if (row := summary.confusion.get(gold))]  # fmt: skip
    for dimension, rows in summary.strata.items():
        names = list(next(iter(rows.values())))
        out += ["", f"## 按{STRATUM_TITLES.get(dimension, dimension)}", "", f"| | 条数 | {' | '.join(TITLES[name] for name in names)} |",
                f"|---|---|{'---|' * len(names)}"]  # fmt: skip
        out += [
            f"| {value} | {_size(totals)} | {' | '.join(shown(totals[name]) for name in names)} |"
            for value, totals in rows.items()
        ]
    found = failures(run)
    out += ["", "## 失败归因", ""]
    out += [f"- {CAUSES[cause]}：{len(ones)} 条" for cause, ones in found.items()] or ["没有失败的用例。"]
    if run.meta.sealed:
        return "\n".join([*out, "", "盲测集：不留题目和答复，只列汇总。", ""])
    for record in worst(run, limit):
        out += ["", f"### {record.id}（{record.where}）", "", *(f"- {CAUSES[cause].split('：')[0]}：{reason}" for cause, reason in causes(record)),
                "", *(f"> {line}" for line in record.asked.splitlines()), "", "金标说明：" + (record.why or "—"),
                "", *(f"> {line}" for line in _answer_text(record).splitlines())]  # fmt: skip
    return "\n".join([*out, ""])


def report_html(run: Run, *, limit: int = 40) -> str:
    """One self-contained page: no script, no font, no picture from anywhere."""
    summary = summarise(run)
    title = f"评测报告 {run.meta.suite}-{run.meta.split}"
    harms = [one for one in summary.totals.values() if one.harm]
    rest = [one for one in summary.totals.values() if not one.harm]
    parts = [
        f"<h1>{escape(title)}</h1>",
        "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in _facts(run, summary)) + "</dl>",
    ]
    if harms:
        parts.append("<h2>伤害（越少越好）</h2>" + _totals_table(harms))
    parts.append("<h2>质量</h2>" + _totals_table(rest))
    if summary.confusion:
        parts.append("<h2>混淆表</h2><p class=hint>行为金标，列为答复；红底为误放行。</p>" + _confusion_table(summary))
    for dimension, rows in summary.strata.items():
        parts.append(f"<h2>按{escape(STRATUM_TITLES.get(dimension, dimension))}</h2>" + _stratum_table(rows))
    found = failures(run)
    parts.append("<h2>失败归因</h2>" + ("<ul>" + "".join(
        f"<li>{escape(CAUSES[cause])}：<b>{len(ones)}</b> 条</li>" for cause, ones in found.items()) + "</ul>" if found else "<p>没有失败的用例。</p>"))  # fmt: skip
    if run.meta.sealed:
        parts.append("<p class=hint>盲测集：不留题目和答复，只列汇总。</p>")
    else:
        parts.append(
            f"<h2>先读这些（{min(limit, len(worst(run, limit)))} 条）</h2>"
            + "".join(_case_html(record) for record in worst(run, limit))
        )
    return _PAGE.format(title=escape(title), style=_STYLE, body="\n".join(parts))


def _meta(run: Run) -> dict[str, Any]:
    meta = run.meta
    return {name: getattr(meta, name) for name in meta.__dataclass_fields__}


def _facts(run: Run, summary: Summary) -> list[tuple[str, str]]:
    meta = run.meta
    rows = [("被测目标", meta.target), ("产品指纹", meta.fingerprint or "未提供"), ("用例", f"{len(run.records)}/{meta.cases} 条，文件 {meta.cases_sha256[:12]}"),
            ("崩溃", f"{summary.crashed} 条（不计入任何平均）"), ("默认日期", meta.today), ("开始", meta.started_at),
            ("用时", f"中位 {summary.p50_ms:.0f} 毫秒，95% 在 {summary.p95_ms:.0f} 毫秒内")]  # fmt: skip
    if summary.macro_f1.value is not None and summary.confusion:
        rows.append(("宏平均 F1", f"{summary.macro_f1.value:.3f}（{summary.macro_f1.reason}）"))
    if meta.sealed:
        rows.append(("盲测次数", f"第 {meta.blind_count} 次"))
    return rows


def _size(totals: Mapping[str, Total]) -> int:
    return max(one.n + one.unscored for one in totals.values())


def _codes(summary: Summary) -> list[str]:
    used = {code for row in summary.confusion.values() for code in row} | set(summary.confusion)
    return [code for code in CODE_TITLES if code in used]


def _totals_table(totals: list[Total]) -> str:
    rows = "".join(
        f"<tr class='{'bad' if one.harm and one.count else ''}'><th>{escape(one.title)}</th><td>{escape(shown(one))}</td>"
        f"<td class=n>{one.n}</td><td class=n>{one.unscored or ''}</td></tr>" for one in totals)  # fmt: skip
    return f"<div class=wide><table><tr><th>指标</th><th>结果（95% 区间）</th><th>计分</th><th>未计分</th></tr>{rows}</table></div>"


def _confusion_table(summary: Summary) -> str:
    from evals.measures import is_false_permit

    codes = _codes(summary)
    head = "".join(f"<th>{escape(CODE_TITLES[code])}</th>" for code in codes)
    rows = []
    for gold in codes:
        row = summary.confusion.get(gold)
        if not row:
            continue
        cells = []
        for code in codes:
            count = row.get(code, 0)
            harm = bool(count) and NO_VERDICT not in (gold, code) and is_false_permit(Outcome(gold), Outcome(code))
            kind = "right" if gold == code else "bad" if harm else ""
            cells.append(f"<td class='n {kind}'>{count or ''}</td>")
        rows.append(f"<tr><th>{escape(CODE_TITLES[gold])}</th>{''.join(cells)}</tr>")
    return f"<div class=wide><table><tr><th></th>{head}</tr>{''.join(rows)}</table></div>"


def _stratum_table(rows: Mapping[str, Mapping[str, Total]]) -> str:
    names = list(next(iter(rows.values())))
    head = "".join(f"<th>{escape(TITLES[name])}</th>" for name in names)
    body = "".join(f"<tr><th>{escape(value)}</th><td class=n>{_size(totals)}</td>" + "".join(
        f"<td>{escape(shown(totals[name]))}</td>" for name in names) + "</tr>" for value, totals in rows.items())  # fmt: skip
    return f"<div class=wide><table><tr><th></th><th>条数</th>{head}</tr>{body}</table></div>"


def _case_html(record: Record) -> str:
    reasons = "".join(
        f"<li>{escape(CAUSES[cause].split('：')[0])}：{escape(reason)}</li>" for cause, reason in causes(record)
    )
    gold = (
        f"应为 {CODE_TITLES.get(record.gold, '')}，答 {CODE_TITLES.get(record.given, record.given)}"
        if record.gold
        else ""
    )
    return (f"<article><h3>{escape(record.id)} <small>{escape(record.where)} {escape(gold)}</small></h3><ul>{reasons}</ul>"
            f"<div class=pair><div><h4>题目</h4><p>{escape(record.asked)}</p><h4>金标说明</h4><p>{escape(record.why or '—')}</p></div>"
            f"<div><h4>答复</h4><p>{escape(_answer_text(record))}</p></div></div></article>")  # fmt: skip


def _answer_text(record: Record) -> str:
    """What a person would have read, with the citations; the error of a crash; the found list of a search or review."""
    if record.crashed:
        return record.crashed
    answer = record.answer
    if "results" in answer:
        return "\n".join(f"{rank}. 《{one['document']}》{one.get('provision') or one.get('provision_id') or ''}"
                         for rank, one in enumerate(answer["results"][:10], start=1))  # fmt: skip
    if "findings" in answer:
        return "\n".join(f"[{one['kind']}] {one['span']}" for one in answer["findings"]) or "没有提出问题"
    lines = [str(answer.get("answer", ""))]
    lines += [f"问：{one.get('question', '')}" for one in answer.get("missing") or ()]
    lines += [
        f"依据：《{one['document']}》{one.get('provision') or one.get('locator') or ''} {one.get('quote') or ''}"
        for one in answer.get("citations") or ()
    ]
    return "\n".join(line for line in lines if line)


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.6 "Source Han Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin:.2rem 0}h4{font-size:.85rem;margin:.4rem 0 0;opacity:.7}
small{font-weight:400;opacity:.7}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}th,td{border:1px solid #8886;padding:.25rem .5rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}.bad,.bad td,.bad th{background:#d3302f33}.right{background:#2e7d3233}.hint{opacity:.7}
article{border:1px solid #8886;border-radius:.4rem;padding:.6rem .8rem;margin:.8rem 0;break-inside:avoid}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem}.pair p{white-space:pre-wrap;margin:.2rem 0;overflow-wrap:anywhere}
@media(max-width:40rem){.pair{grid-template-columns:1fr}}
@media print{body{max-width:none;font-size:11pt}.wide{overflow:visible}}
"""
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{style}</style></head><body>
{body}
</body></html>
"""
