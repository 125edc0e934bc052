#include "ui/train/TrainPage.h"
