-- What the other scripts share. Times are decimal texts, as the numbers of Lua do not hold all of them exactly.

local function before(a, b)
  return #a < #b or (#a == #b and a < b)
end

-- An item's stored, expires and sealed, if it is there at `now`.
local function present(item, now)
  local fields = redis.call('HMGET', item, 'stored', 'expires', 'sealed')
  if fields[2] and before(now, fields[2]) then return fields end
  return nil
end

