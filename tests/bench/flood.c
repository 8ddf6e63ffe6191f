/* A flood of the lab's requests at a steady rate over Linux's loopback: 17 bytes each, from one port or from many in
 * turn, to a socket that nobody reads, so that no ICMP error answers them. Says how many it sent, and at which rate.
 *
 *     flood PORT RATE SECONDS [PORTS]     RATE 0 is as fast as it can */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#define BURST 32
#define MOST_PORTS 512

static char payload[] = "Mando paquete UDP";
static int clients[MOST_PORTS];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int failed(const char *what) {
    perror(what);
    return 2;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: flood PORT RATE SECONDS [PORTS]\n");
        return 2;
    }
    double rate = atof(argv[2]), seconds = atof(argv[3]);
    int ports = argc > 4 ? atoi(argv[4]) : 1;
    ports = ports < 1 ? 1 : ports > MOST_PORTS ? MOST_PORTS : ports;
    struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int unread = socket(AF_INET, SOCK_DGRAM, 0), least = 1;
    setsockopt(unread, SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
    if (bind(unread, (struct sockaddr *)&server, sizeof server)) return failed("bind");
    for (int i = 0; i < ports; i++) {
        clients[i] = socket(AF_INET, SOCK_DGRAM, 0);
        if (connect(clients[i], (struct sockaddr *)&server, sizeof server)) return failed("connect");
    }
    struct iovec from = {payload, sizeof payload - 1};
    struct mmsghdr requests[BURST] = {0};
    for (int i = 0; i < BURST; i++) requests[i].msg_hdr = (struct msghdr){.msg_iov = &from, .msg_iovlen = 1};

    prctl(PR_SET_TIMERSLACK, 1); /* or each pause is 50 microseconds longer */
    long sent = 0;
    double start = now(), elapsed = 0;
    for (int turn = 0; elapsed < seconds; elapsed = now() - start) {
        long due = rate > 0 ? (long)(elapsed * rate) - sent : BURST;
        if (due < 1) {
            nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
            continue;
        }
        int took = sendmmsg(clients[turn], requests, due < BURST ? due : BURST, 0);
        if (took < 0) return failed("sendmmsg");
        sent += took;
        turn = (turn + 1) % ports;
    }
    printf("%ld sent, %.0f a second\n", sent, sent / elapsed);
    return 0;
}
