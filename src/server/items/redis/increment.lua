-- KEYS: count. ARGV: now, end of a window that begins now, its length in ms. Answers the count and its window's end.
local count = KEYS[1]
local now, ends, window = unpack(ARGV)
local running = redis.call('HGET', count, 'ends')
if running and before(now, running) then
  return { redis.call('HINCRBY', count, 'count', 1), running }
end
redis.call('HSET', count, 'count', 1, 'ends', ends)
redis.call('PEXPIRE', count, window)
return { 1, ends }
