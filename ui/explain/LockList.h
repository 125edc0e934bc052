#pragma once

#include "ui/explain/CheckListButton.h"

namespace limpid {

/// Columns that must not change.
class LockList : public CheckListButton
{
    Q_OBJECT
public:
    explicit LockList(QWidget* parent = nullptr);

protected:
    void showChecked() override;
};

} // namespace limpid
