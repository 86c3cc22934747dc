# Alarms of methods of the package surveillance on simulated series, one series after the other.
#
#     Rscript surveillance.R series.csv alarms.csv method [method ...]
#
# series.csv, one row a series: name, first, last (1-based weeks to test), and its counts week by
# week. alarms.csv, one row a series and method: 1, 0 or N (the package gave NA) for each tested week
# in one string, or the package's error. The package knows one-sided 0.01 as 0.02 in its farrington.

suppressMessages(library(surveillance))

given <- commandArgs(trailingOnly = TRUE)
table <- read.csv(given[1], stringsAsFactors = FALSE)
counts <- as.matrix(table[, -(1:3)])

flexible <- function(method, limit = c(0, 4)) function(x, weeks) {
  farringtonFlexible(x, control = list(
    range = weeks, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1, thresholdMethod = method,
    alpha = 0.01, limit54 = limit, glmWarnings = FALSE
  ))
}
run_ears <- function(variant, level) function(x, weeks) {
  earsC(x, control = list(method = variant, range = weeks, alpha = level))
}
run_cusum <- function(mean) function(x, weeks) {
  cusum(x, control = list(range = weeks, k = 1.04, h = 2.26, m = mean, trans = "rossi"))
}
methods <- list(
  "flexible-nb-plugin" = flexible("nbPlugin"),
  "flexible-nb-plugin-5-in-4" = flexible("nbPlugin", c(5, 4)),
  "flexible-muan" = flexible("muan"),
  "flexible-delta" = flexible("delta"),
  "farrington-1996" = function(x, weeks) {
    farrington(x, control = list(
      range = weeks, b = 5, w = 3, reweight = TRUE, trend = TRUE, alpha = 0.02,
      limit54 = c(0, 4), powertrans = "2/3"
    ))
  },
  "ears-c1" = run_ears("C1", 0.001),
  "ears-c2" = run_ears("C2", 0.001),
  "ears-c3" = run_ears("C3", 0.025),
  "cusum-mean" = run_cusum(NULL),
  "cusum-glm" = run_cusum("glm")
)

answer <- function(j, method) {
  x <- sts(observed = matrix(counts[j, ], ncol = 1), start = c(2010, 1), frequency = 52)
  tryCatch(
    {
      found <- as.vector(alarms(suppressWarnings(methods[[method]](x, table$first[j]:table$last[j]))))
      paste(ifelse(is.na(found), "N", as.integer(found)), collapse = "")
    },
    error = function(problem) paste("error:", conditionMessage(problem))
  )
}
results <- do.call(rbind, lapply(given[-(1:2)], function(method) {
  data.frame(
    name = table$name, method = method,
    alarms = vapply(seq_len(nrow(table)), answer, "", method = method)
  )
}))
write.csv(results, given[2], row.names = FALSE)
