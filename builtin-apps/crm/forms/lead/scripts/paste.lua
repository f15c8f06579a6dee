-- Makes a lead of what people paste. What has a shape of its own is found wherever it stands; the words that are
-- left are a company, a job title or, the first of them, the name. The rest goes to the need.

local text = args.text
local lead = {source = args.source}

-- Marks that Chinese texts have between words.
for _, mark in ipairs({"，", "。", "；", "：", "、", "｜", "　"}) do
  text = text:gsub(mark, " ")
end

-- take moves what a pattern finds from the text to a field; words that announce it go too.
local function take(field, pattern)
  local from, to, found = text:find(pattern)
  if not from then return end
  lead[field] = found
  text = text:sub(1, from - 1) .. " " .. text:sub(to + 1)
end

take("email", "([%w._%-]+@[%w.%-]+%.%a+)")
take("phone", "(1[3-9]%d%d%d%d%d%d%d%d%d)")
text = text:gsub("微信号", "微信")
take("wechat", "微信[ :]*(%a[%w_-]+)")

local function names(word, all)
  for _, one in ipairs(all) do
    if word:find(one) then return true end
  end
  return false
end

-- Names of other countries are several words.
local function latin(words) return words:find("^[%a ]+$") end

local firms = {"公司", "集团", "工厂", "Ltd", "Inc"}
local jobs = {"总", "经理", "主管", "主任", "采购", "工程师", "CEO"}
local labels = {["姓名"] = true, ["电话"] = true, ["手机"] = true, ["邮箱"] = true, ["公司"] = true, ["职务"] = true}

local rest = {}
for word in text:gmatch("[^%s,;|:]+") do
  if labels[word] then
    -- what it announces has been found, or follows
  elseif not lead.company and names(word, firms) then
    lead.company = word
  elseif not lead.title and names(word, jobs) then
    lead.title = word
  elseif not lead.name then
    lead.name = word
  elseif #rest == 0 and latin(lead.name) and latin(word) then
    lead.name = lead.name .. " " .. word
  else
    rest[#rest + 1] = word
  end
end
if #rest > 0 then lead.need = table.concat(rest, " ") end

lead.name = lead.name or lead.company or lead.phone or lead.email or lead.wechat
if not (lead.phone or lead.email or lead.wechat) then
  fail("noWay", {
    ["zh-CN"] = "没有认出电话、邮箱或微信，请补充后再试",
    en = "No phone, email or WeChat was found; add one and try again",
  }, "text")
  return
end
create("lead", lead)
