/*
 * Between a program and the system, loaded by LD_PRELOAD. The file PRETENDED_SYSTEM holds two
 * numbers of 8 bytes: the seconds that are added to the clock, and the microseconds that forcing a
 * file to disk takes longer. Clocks that only measure time are left alone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *settings;

__attribute__((constructor)) static void map_settings(void) {
  const char *file = getenv("PRETENDED_SYSTEM");
  int fd = file ? open(file, O_RDONLY) : -1;
  void *page = fd < 0 ? MAP_FAILED : mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
  settings = page;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && clock == CLOCK_REALTIME && settings) now->tv_sec += settings[0];
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec precise;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return result;
}

time_t time(time_t *now) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now) *now = precise.tv_sec;
  return precise.tv_sec;
}

int fdatasync(int fd) {
  if (settings && settings[1]) usleep((useconds_t)settings[1]);
  return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd) {
  if (settings && settings[1]) usleep((useconds_t)settings[1]);
  return (int)syscall(SYS_fsync, fd);
}
