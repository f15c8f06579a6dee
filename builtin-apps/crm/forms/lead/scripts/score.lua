-- How promising a lead is, from 0 to 100. Each part says what it is worth and no more; a lead that was
-- returned is worth nothing until somebody takes it up again.

local bySource = {
  referral = 25, phoneIn = 22, partner = 18, website = 15, exhibition = 12, advertising = 8, coldCall = 4, other = 2,
}

-- Who decides, by words in their title: the first that is found counts, so deputies stand before their chiefs.
local byTitle = {
  {"副总", 16}, {"总经理", 20}, {"董事", 20}, {"总裁", 20}, {"CEO", 20}, {"总监", 14}, {"经理", 10}, {"主管", 8},
}

local function filled(...)
  local n = 0
  for i = 1, select("#", ...) do
    if select(i, ...) then n = n + 1 end
  end
  return n
end

local function title(text)
  if not text then return 0 end
  for _, one in ipairs(byTitle) do
    if text:find(one[1]) then return one[2] end
  end
  return 4
end

local function worth(price)
  if not price then return 0 end
  if price >= 100000 then return 10 end
  if price >= 10000 then return 5 end
  return 0
end

-- Need: what they have written, 20 Chinese characters being little, and the dearest product that they ask for.
local function need()
  local points = 0
  if record.need then points = #record.need > 60 and 14 or 7 end
  if record.interests then
    local dearest = 0
    for _, product in pairs(get_many("product", record.interests)) do
      dearest = math.max(dearest, worth(product.price))
    end
    points = points + 7 + dearest
  end
  return points
end

if record.status == "returned" then
  record.score = 0
  return
end

record.score = (bySource[record.source] or 0)
  + 5 * filled(record.phone, record.email, record.wechat)
  + 3 * filled(record.company, record.industry, record.region)
  + title(record.title)
  + need()
