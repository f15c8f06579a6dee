-- Whoever types an order names a product and no tax rate: the product knows it. A rate that somebody has given, or that
-- came with a quote, stays as it is, and the rates of an order do not follow the product's later ones.
local lines, named = record.lines, {}
for _, line in ipairs(lines) do
  table.insert(named, line.product)
end

local products = get_many("product", named)
for _, line in ipairs(lines) do
  local product = products[line.product]
  if product and line.taxRate == nil then line.taxRate = product.taxRate end
end
record.lines = lines
