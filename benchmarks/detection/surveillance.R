# Runs methods of the package surveillance on the series of a table and times each of them.
#
#     Rscript surveillance.R counts.csv results.csv times.csv first last
#
# counts.csv: one column per series, one row per week. `first` and `last` are the first and the last
# week to test (1-based); one-week runs test `last`. Series are given one by one, which is the
# package's quickest way, and every method is repeated until it has run for a second.

suppressMessages(library(surveillance))

given <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(given[1], check.names = FALSE))
weeks <- as.integer(given[4]):as.integer(given[5])
newest <- max(weeks)
series <- lapply(seq_len(ncol(counts)), function(j) {
  sts(observed = counts[, j, drop = FALSE], start = c(2010, 1), frequency = 52)
})

farrington_options <- list(
  b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
  weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin",
  alpha = 0.01, limit54 = c(0, 4)
)
farrington <- function(range) function(x) {
  farringtonFlexible(x, control = c(list(range = range), farrington_options))
}
tasks <- list(
  farrington_newest = list(run = farrington(newest), series = seq_len(ncol(counts))),
  farrington_year = list(run = farrington(weeks), series = seq_len(min(3, ncol(counts)))),
  ears = list(
    run = function(x) earsC(x, control = list(method = "C1", range = weeks, alpha = 0.001)),
    series = seq_len(min(10, ncol(counts)))
  ),
  cusum = list(
    run = function(x) cusum(x, control = list(range = weeks, k = 1.04, h = 2.26, trans = "rossi")),
    series = seq_len(min(10, ncol(counts)))
  ),
  nb_glr = list(
    run = function(x) {
      control <- list(range = weeks, c.ARL = 5, alpha = NULL, mu0 = NULL, ret = "cases")
      suppressMessages(suppressWarnings(glrnb(x, control = control)))
    },
    series = round(seq(1, ncol(counts), length.out = min(6, ncol(counts))))
  )
)

results <- NULL
times <- NULL
for (name in names(tasks)) {
  task <- tasks[[name]]
  found <- NULL
  seconds <- 0
  passes <- 0
  while (seconds < 1) {
    began <- proc.time()
    found <- lapply(series[task$series], task$run)
    spent <- proc.time() - began
    seconds <- seconds + spent[["user.self"]] + spent[["sys.self"]]
    passes <- passes + 1
  }
  tested <- nrow(upperbound(found[[1]]))
  cells <- passes * tested * length(found)
  times <- rbind(times, data.frame(task = name, cells = cells, seconds = seconds))
  for (j in seq_along(found)) {
    results <- rbind(results, data.frame(
      task = name, series = task$series[j], week = seq_len(tested),
      upper_bound = as.vector(upperbound(found[[j]])),
      alarm = as.integer(as.vector(alarms(found[[j]])))
    ))
  }
}
options(digits = 15)
write.csv(results, given[2], row.names = FALSE)
write.csv(times, given[3], row.names = FALSE)
