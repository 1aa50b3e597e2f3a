-- KEYS: user. ARGV: name of the exception, reason, now, attempt. Answers the names of the records that it has ended.
local except, reason, now, attempt = unpack(ARGV)
local ended = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if name ~= except and state(PREFIX .. 'session:' .. name, now) == 'live' then
    bury(name, reason, now, attempt)
    ended[#ended + 1] = name
  end
end
if #ended == 0 then witness() end
return ended
