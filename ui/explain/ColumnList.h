#pragma once

#include "ui/explain/CheckListButton.h"

namespace limpid {

/// Some of the model's columns, by name.
class ColumnList : public CheckListButton
{
    Q_OBJECT
public:
    /// `none`: what the button says where none is checked.
    ColumnList(const QString& listName, const QString& accessibleName, QString none, QWidget* parent = nullptr);

protected:
    void showChecked() override;

private:
    QString m_none;
};

} // namespace limpid
