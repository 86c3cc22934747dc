# Lawless' estimate by the R package surveillance, for every list of a file.
# Rscript nowcast.R LISTS OUT; LISTS has the columns list,step,longest,now,occurred,reported.
suppressPackageStartupMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
lists <- read.csv(arguments[1], stringsAsFactors = FALSE)
for (name in c("now", "occurred", "reported")) lists[[name]] <- as.Date(lists[[name]])
found <- lapply(split(lists, lists$list), function(cases) {
  now <- cases$now[1]
  step <- cases$step[1]
  longest <- min(cases$longest[1], as.numeric(now - min(cases$occurred)) / step)
  when <- seq(now - step * 13, now, by = step)
  utils::capture.output(
    nc <- suppressMessages(suppressWarnings(nowcast(
      now = now, when = when, data = cases, dEventCol = "occurred", dReportCol = "reported",
      method = "lawless", aggregate.by = if (step == 7) "1 week" else "1 day", D = longest,
      control = list(alpha = 0.05, N.tInf.max = 2000)
    )))
  )
  at <- match(as.character(when), as.character(epoch(nc)))
  data.frame(
    list = cases$list[1], age = 13:0, share = nc@delayCDF[["lawless"]][14:1],
    corrected = as.vector(nc@upperbound[, 1])[at],
    lower = as.vector(nc@pi[, 1, 1])[at], upper = as.vector(nc@pi[, 1, 2])[at],
    row.names = NULL
  )
})
write.csv(do.call(rbind, found), arguments[2], row.names = FALSE)
