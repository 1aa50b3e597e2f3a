-- KEYS: owner's index. ARGV: what the names of its items begin with, limit, now. Answers ids and fields, newest first.
local prefix, limit, now = unpack(ARGV)
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  if #found >= tonumber(limit) then break end
  local fields = present(prefix .. id, now)
  if fields then found[#found + 1] = { id, fields } end
end
return found
