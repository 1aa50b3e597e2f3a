-- KEYS: owner's index. ARGV: what the names of its items begin with, how many to keep, now.
local prefix, keep, now = unpack(ARGV)
local kept = 0
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  if kept < tonumber(keep) and present(prefix .. id, now) then
    kept = kept + 1
  else
    redis.call('DEL', prefix .. id)
    redis.call('ZREM', KEYS[1], id)
  end
end
return kept
