/* The least that a UDP server can do on Linux: receives bursts with recvmmsg and answers them with sendmmsg, at the port
 * that it is told, until it is killed. What loopshark's server is compared with. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define BURST 64
#define LARGEST 2048

static char payloads[BURST][LARGEST];
static char reply[] = "Mensaje recibido correctamente";
static struct sockaddr_in clients[BURST];
static struct iovec into[BURST], from = {reply, sizeof reply - 1};
static struct mmsghdr requests[BURST], responses[BURST];

int main(int argc, char **argv) {
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    int room = 4 << 20;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(argc > 1 ? atoi(argv[1]) : 8080),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(server, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (bind(server, (struct sockaddr *)&address, sizeof address)) {
        perror("bind");
        return 2;
    }
    for (int i = 0; i < BURST; i++) {
        into[i] = (struct iovec){payloads[i], LARGEST};
        requests[i].msg_hdr = (struct msghdr){.msg_name = &clients[i], .msg_iov = &into[i], .msg_iovlen = 1};
        responses[i].msg_hdr = (struct msghdr){
            .msg_name = &clients[i], .msg_namelen = sizeof *clients, .msg_iov = &from, .msg_iovlen = 1};
    }
    for (;;) {
        for (int i = 0; i < BURST; i++) requests[i].msg_hdr.msg_namelen = sizeof *clients;
        int received = recvmmsg(server, requests, BURST, MSG_WAITFORONE, NULL);
        for (int sent = 0; sent < received;) {
            int now = sendmmsg(server, responses + sent, received - sent, 0);
            sent += now > 0 ? now : 1;
        }
    }
}
