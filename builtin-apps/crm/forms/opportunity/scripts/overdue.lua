-- The first working day after the expected one, and each fifth after that: who is told daily reads nothing any more.
if workdays(record.expectedAt, today()) % 5 == 1 then
  notify(record.owner, {
    ["zh-CN"] = "商机“{title}”已过预计成交日期，请更新阶段或日期",
    en = "“{title}” was expected by now. Bring its stage or date up to date",
  }, "opportunity", record.id)
end
