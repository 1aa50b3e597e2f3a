-- KEYS: live. ARGV: until when, at most how many. Stops counting those that were due by then, and answers how many of
-- them had been idle for too long, how many had reached their absolute end, and so are forgotten, and how many there were.
local idle, expired = 0, 0
local names = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(names) do
  redis.call('ZREM', KEYS[1], name)
  local found = state(PREFIX .. 'session:' .. name, ARGV[1])
  if found == 'missing' then
    expired = expired + 1
  elseif redis.call('HEXISTS', PREFIX .. 'session:' .. name, 'ended') == 0 then
    idle = idle + 1
  end
end
return { idle, expired, #names }
